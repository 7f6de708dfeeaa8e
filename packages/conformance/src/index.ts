export { type EngineSuiteOptions, engineSuite } from './engine/engine-suite.ts'
export {
  aBroadcast,
  aCall,
  aConsent,
  aContact,
  aConversion,
  aDefinition,
  aDeliveryEvent,
  aJob,
  aMessage,
  anAssignment,
  anEnrolment,
  anEvent,
  anInboxEntry,
  aQueueEntry,
  aScenario,
  aScenarioVersion,
  aSuppression,
  aTemplateVersion,
  aWatch,
  aWatchMember,
  start,
} from './fixtures/rows.ts'
export {
  type ModelRuns,
  modelRuns,
  type ScenarioModelSuiteOptions,
  scenarioModelSuite,
} from './scenario-model/scenario-model-suite.ts'
export { type StorageSuiteOptions, storageSuite } from './storage/storage-suite.ts'
export type { StorageUnderTest } from './storage/storage-under-test.ts'
export type { Assertions, Expect, TestContext, TestRunner } from './test-runner.ts'
export type { TransportSuite } from './transport/suite-context.ts'
export { transportSuite } from './transport/transport-suite.ts'
export type { ReceivedMail, ServerBehaviour, TransportWorld, TransportWorldOptions } from './transport/transport-world.ts'
