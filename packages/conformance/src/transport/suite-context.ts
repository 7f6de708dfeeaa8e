import type { OutgoingMail } from '@tobiishi/core/ports'
import type { TestRunner } from '../test-runner.ts'
import type { ServerBehaviour, TransportWorld, TransportWorldOptions } from './transport-world.ts'

export interface TransportSuite extends TestRunner {
  readonly create: (options: TransportWorldOptions) => Promise<TransportWorld>
  /** Behaviours that this server cannot be brought to show, each with the reason. */
  readonly cannot?: { readonly [B in ServerBehaviour]?: string }
}

/** What the files of the suite share: worlds that are always closed, and cases that are skipped with their reason. */
export interface SuiteContext extends TestRunner {
  /** Declares a case that needs the server to show these behaviours. */
  scene(
    name: string,
    needs: readonly ServerBehaviour[],
    play: (world: TransportWorld) => Promise<void>,
    options?: Partial<TransportWorldOptions>,
  ): void
}

export function suiteContext(suite: TransportSuite): SuiteContext {
  const { create, cannot = {}, ...runner } = suite
  return {
    ...runner,
    scene: (name, needs, play, options = {}) => {
      const missing = needs.find((behaviour) => cannot[behaviour] !== undefined)
      runner.it(name, async (context) => {
        if (missing !== undefined) return void context.skip(`${missing}: ${cannot[missing]}`)
        const world = await create({ concurrency: 2, maxCallMs: 20_000, ...options })
        try {
          await play(world)
        } finally {
          await world.close()
        }
      })
    },
  }
}

/** A small mail as the engine hands it over. */
export function someMail(messageId: string, body = 'こんにちは'): OutgoingMail {
  const headers = [
    'From: Shop <shop@sender.example>',
    `To: <${messageId}@recipient.example>`,
    'Subject: Test',
    `Message-ID: <${messageId}@sender.example>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
  ]
  const encoded = Buffer.from(body).toString('base64').replace(/.{76}/g, '$&\r\n')
  return {
    messageId,
    envelope: { from: 'bounces@sender.example', to: `${messageId}@recipient.example` },
    raw: Buffer.from(`${headers.join('\r\n')}\r\n\r\n${encoded}\r\n`),
  }
}
