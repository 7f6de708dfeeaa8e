import { prepareTemplate } from '../../message/prepare-template.ts'
import type { TemplateVersionRow } from '../../ports/storage/index.ts'
import { once } from '../once.ts'
import type { Runtime } from '../runtime.ts'
import { checkSchema } from './check-schema.ts'
import { checkStamp } from './check-stamp.ts'
import { publishScenarios } from './publish-scenarios.ts'

/** What has to be done once before working. Each is repeated only if it failed. */
export interface Preparation {
  /** Schema, stamp and scenario versions: enough to work in what the app tells. */
  storage(): Promise<void>
  /** All: templates too, which may load and run a markup renderer. */
  all(): Promise<void>
}

export const createPreparation = (runtime: Runtime, synchroniseClock: () => Promise<void>): Preparation => {
  const storage = once(async () => {
    await checkSchema(runtime.storage)
    await synchroniseClock()
    await checkStamp(runtime)
    await publishScenarios(runtime)
  })
  const all = once(async () => {
    await storage()
    await prepareTemplates(runtime)
  })
  return { storage, all }
}

const prepareTemplates = async (runtime: Runtime) => {
  const { settings, markup, signer, prepared, templates, clock, storage } = runtime
  const createdAt = clock.now()
  const rows: TemplateVersionRow[] = []
  for (const declared of templates.values()) {
    const sender = settings.senders[declared.sender]
    if (sender === undefined) continue
    const toHtml = markup === null ? null : (source: string) => markup.toHtml(source)
    const template = await prepareTemplate(declared, { ...settings, toHtml, sender, signer })
    prepared.set(declared.name, template)
    rows.push({ template: template.name, hash: template.hash, links: template.links, source: template.source, createdAt })
  }
  await storage.transaction((tx) => tx.templates.publish(rows))
}
