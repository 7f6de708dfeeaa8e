import type { DeclaredSegment, DeclaredTemplate } from '../../define/declared.ts'
import type { JsonObject } from '../../domain/json.ts'
import { parseInstant } from '../../domain/time/parse-instant.ts'
import { TobiishiError } from '../../errors/index.ts'
import type { Broadcast, Step, StorageTransaction } from '../../ports/storage/index.ts'
import { checkId } from '../inbox/check-id.ts'
import type { Runtime } from '../runtime.ts'
import type { InstantInput, LongOptions, Tobiishi } from '../tobiishi.ts'
import { checkProps } from './check-props.ts'
import { type PreviewRequest, previewAudience } from './preview-audience.ts'

interface BroadcastRequest {
  readonly id?: string
  readonly template: DeclaredTemplate
  readonly to: DeclaredSegment
  readonly at?: InstantInput
  readonly props?: JsonObject
}

/** One mail to a segment: previewed, scheduled, cancelled. `expandBroadcasts` starts what is due. */
export const createBroadcasts = (runtime: Runtime): Tobiishi['broadcasts'] => {
  const { storage, clock, waker } = runtime

  const send = async (request: BroadcastRequest): Promise<Broadcast> => {
    const row = scheduled(runtime, request)
    const stored = await storage.transaction(function* (tx) {
      yield* tx.broadcasts.create(row)
      return (yield* tx.broadcasts.get(row.id)) ?? row
    })
    waker.hint()
    return stored
  }

  const cancel = async (id: string): Promise<{ readonly dropped: number }> => {
    const now = clock.now()
    const dropped = await storage.transaction((tx) => cancelLocked(tx, id, now))
    return { dropped }
  }

  return {
    preview: async (request: PreviewRequest, options?: LongOptions) => {
      knownTemplate(runtime, request.template)
      return await previewAudience(runtime, request, options)
    },
    send,
    cancel,
    get: (id) => storage.read((reader) => reader.broadcasts.get(id)),
  }
}

const knownTemplate = ({ templates }: Runtime, template: DeclaredTemplate): void => {
  if (templates.get(template.name) !== template)
    throw new TobiishiError('template.unknown', `Template '${template.name}' was not given to createTobiishi: add it there.`)
}

/** The row of a new broadcast; an `at` that has passed is now, or its mails would expire unsent. Throws `template.unknown`, `definition.invalid` (props), `time.invalid`. */
const scheduled = (runtime: Runtime, request: BroadcastRequest): Broadcast => {
  knownTemplate(runtime, request.template)
  const now = runtime.clock.now()
  return {
    id: request.id === undefined ? runtime.randomId() : checkId(request.id, 'id', 'definition.invalid'),
    template: request.template.name,
    segment: { name: request.to.name, tree: request.to.tree },
    props: checkProps(request.template, request.props ?? {}),
    state: 'scheduled',
    at: request.at === undefined ? now : Math.max(now, parseInstant(request.at)),
    startedAt: null,
    audience: null,
    createdAt: now,
  }
}

function* cancelLocked(tx: StorageTransaction, id: string, now: number): Step<number> {
  const broadcast = yield* tx.broadcasts.lock(id, { skipLocked: false })
  if (broadcast === null) throw new TobiishiError('broadcast.unknown', 'There is no broadcast with this id.')
  if (broadcast.state !== 'cancelled') yield* tx.broadcasts.save({ ...broadcast, state: 'cancelled' })
  return yield* tx.messages.dropQueued({ broadcastId: id }, 'cancelled', now)
}
