import { crashSuite } from '../crash/crash-suite.ts'
import { walking } from '../crash/scenes/walking.ts'

crashSuite(walking)
