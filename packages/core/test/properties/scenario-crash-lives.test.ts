import { crashSuite } from '../crash/crash-suite.ts'
import { lives } from '../crash/scenes/lives.ts'

crashSuite(lives)
