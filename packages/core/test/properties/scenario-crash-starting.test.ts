import { crashSuite } from '../crash/crash-suite.ts'
import { starting } from '../crash/scenes/starting.ts'

crashSuite(starting)
