import { crashSuite } from '../crash/crash-suite.ts'
import { managing } from '../crash/scenes/managing.ts'

crashSuite(managing)
