import type { ColumnType, Dialect } from '../dialect.ts'

type Column = ColumnType | `${ColumnType} not null` | `${ColumnType} not null default ${string}` | `${ColumnType} primary key`

interface Table {
  readonly name: string
  readonly columns: { readonly [name: string]: Column }
  /** Further constraints of the table. */
  readonly constraints?: readonly string[]
  readonly storage?: 'hot' | 'keyed'
  readonly indexes?: { readonly [name: string]: string }
}

/**
 * The tables of schema version 1 (design §6).
 *
 * `send_queue` has the one wide index of the claim, none of whose columns a claim or a mark changes. Rows that are not due
 * yet are stepped over inside the index, about 0.1 µs each, so no narrower one by time is kept. The second is partial
 * and holds the handful of marked rows: the reaper asks for them on every pass and must not read the whole queue for it. It
 * is on `message_id`, because an index on `lease_until` would make every claim rewrite its index entries.
 *
 * Unique keys of `message` and `event` hold the bucket, so that they can be partitioned by it without losing a key.
 *
 * Partial indexes are on conditions that a planner without statistics does not take for rare (an `is null` or an equality):
 * else it would sort a whole backlog instead of walking the index to the limit.
 */
export const tables: readonly Table[] = [
  {
    name: 'schema',
    columns: {
      id: 'integer primary key',
      version: 'integer not null',
      oldest_compatible: 'integer not null',
      installation_id: 'text',
      base_url: 'text',
      environment: 'text',
      address_key_check: 'text',
      worker_owner: 'text',
      worker_until: 'instant',
    },
    constraints: ['check (id = 1)'],
  },
  {
    name: 'inbox',
    columns: {
      id: 'serial',
      contact_id: 'text not null',
      kind: 'text not null',
      name: 'text not null',
      entry_key: 'text not null',
      payload: 'json not null',
      occurred_at: 'instant not null',
      received_at: 'instant not null',
      start_scenarios: 'boolean not null',
      failed: 'boolean not null default false',
      error: 'text',
    },
    indexes: {
      inbox_waiting: '(received_at, id) where not failed',
      inbox_contact: '(contact_id, occurred_at, received_at, id)',
    },
  },
  {
    name: 'contact',
    columns: {
      id: 'text primary key',
      email: 'text',
      email_key: 'text',
      name: 'json not null',
      locale: 'text',
      time_zone: 'text',
      attributes: 'document not null',
      consent: 'document not null',
      consent_rev: 'integer not null',
      hash: 'integer not null',
      lane: 'integer not null',
      soft_bounces: 'integer not null',
      soft_since: 'instant',
      created_at: 'instant not null',
      updated_at: 'instant not null',
    },
    constraints: ['unique (email_key)'],
  },
  {
    name: 'consent',
    columns: {
      id: 'text primary key',
      contact_id: 'text not null',
      kind: 'text not null',
      topic: 'text',
      basis: 'text',
      evidence: 'json not null',
      occurred_at: 'instant not null',
      recorded_at: 'instant not null',
      message_id: 'text',
    },
    indexes: { consent_contact: '(contact_id, occurred_at, recorded_at, id)' },
  },
  {
    name: 'suppression',
    columns: {
      suppression_key: 'text primary key',
      scope: 'text not null',
      reason: 'text not null',
      since: 'instant not null',
      details: 'json not null',
    },
    storage: 'keyed',
  },
  {
    name: 'event',
    columns: {
      name: 'text not null',
      event_id: 'text not null',
      bucket: 'integer not null',
      contact_id: 'text not null',
      payload: 'document not null',
      occurred_at: 'instant not null',
      received_at: 'instant not null',
    },
    constraints: ['primary key (name, event_id, bucket)'],
    indexes: { event_contact: '(contact_id, name, occurred_at)' },
  },
  {
    name: 'scenario',
    columns: { name: 'text primary key', version: 'integer not null', state: 'text not null' },
    storage: 'keyed',
  },
  {
    name: 'scenario_version',
    columns: {
      scenario: 'text not null',
      version: 'integer not null',
      format: 'integer not null',
      hash: 'text not null',
      definition: 'json not null',
      published_at: 'instant not null',
    },
    constraints: ['primary key (scenario, version)'],
  },
  {
    name: 'template_version',
    columns: {
      hash: 'text primary key',
      template: 'text not null',
      links: 'json not null',
      source: 'json not null',
      created_at: 'instant not null',
    },
  },
  {
    name: 'enrolment',
    columns: {
      id: 'text primary key',
      scenario: 'text not null',
      version: 'integer not null',
      contact_id: 'text not null',
      entry_key: 'text not null',
      state: 'text not null',
      step_id: 'text',
      step_seq: 'integer not null',
      rev: 'integer not null',
      wake_at: 'instant',
      wake_spec: 'json',
      anchor_at: 'instant not null',
      last_send_at: 'instant',
      event: 'json not null',
      entered_at: 'instant not null',
      ended_at: 'instant',
      end_reason: 'text',
    },
    constraints: ['unique (scenario, contact_id, entry_key)'],
    indexes: {
      enrolment_contact: '(contact_id)',
      enrolment_due: '(wake_at, id) where wake_at is not null',
    },
  },
  {
    name: 'broadcast',
    columns: {
      id: 'text primary key',
      template: 'text not null',
      segment_name: 'text not null',
      segment_tree: 'json not null',
      props: 'json not null',
      state: 'text not null',
      starts_at: 'instant not null',
      started_at: 'instant',
      audience: 'integer',
      created_at: 'instant not null',
    },
  },
  {
    name: 'broadcast_audience',
    columns: { broadcast_id: 'text not null', contact_id: 'text not null' },
    constraints: ['primary key (broadcast_id, contact_id)'],
    storage: 'keyed',
  },
  {
    name: 'message',
    columns: {
      id: 'text not null',
      bucket: 'integer not null',
      idem_key: 'text not null',
      contact_id: 'text not null',
      template: 'text not null',
      purpose: 'text not null',
      topic: 'text',
      is_html: 'boolean not null',
      props: 'json not null',
      scenario: 'text',
      scenario_version: 'integer',
      step_id: 'text',
      enrolment_id: 'text',
      broadcast_id: 'text',
      state: 'text not null',
      reason: 'text',
      planned_at: 'instant not null',
      created_at: 'instant not null',
      finished_at: 'instant',
      template_hash: 'text',
      provider_id: 'text',
      answer: 'json',
      unknown_token: 'integer',
      delivered_at: 'instant',
      bounced_at: 'instant',
      bounce_class: 'text',
      opened_at: 'instant',
      human_opened_at: 'instant',
      clicked_at: 'instant',
      human_clicked_at: 'instant',
      last_human_click_at: 'instant',
      clicks: 'integer not null default 0',
      human_clicks: 'integer not null default 0',
      complained_at: 'instant',
      unsubscribed_at: 'instant',
    },
    constraints: ['primary key (id, bucket)', 'unique (idem_key, bucket)'],
    indexes: {
      message_contact: '(contact_id, created_at)',
      message_enrolment: '(enrolment_id) where enrolment_id is not null',
      message_scenario: '(scenario, step_id) where scenario is not null',
      message_broadcast: '(broadcast_id) where broadcast_id is not null',
    },
  },
  {
    name: 'send_queue',
    columns: {
      message_id: 'text primary key',
      bucket: 'integer not null',
      contact_id: 'text not null',
      enrolment_id: 'text',
      enrolment_rev: 'integer not null',
      scenario: 'text',
      broadcast_id: 'text',
      class: 'integer not null',
      route: 'text not null',
      lane: 'integer not null',
      run_at: 'instant not null',
      expires_at: 'instant not null',
      lease_until: 'instant not null default 0',
      token: 'integer not null default 0',
      phase: 'integer not null default 0',
      owner: 'text',
      attempt: 'integer not null default 0',
    },
    storage: 'hot',
    indexes: {
      send_queue_claim: '(class, route, lane, run_at, message_id)',
      send_queue_marked: '(message_id) where phase = 1',
    },
  },
  {
    name: 'delivery_event',
    columns: {
      event_key: 'text primary key',
      message_id: 'text not null',
      contact_id: 'text not null',
      kind: 'text not null',
      occurred_at: 'instant not null',
      received_at: 'instant not null',
      link: 'integer',
      url: 'text',
      actor: 'text',
      score: 'real not null',
      rule_version: 'integer not null',
      bounce_class: 'text',
      raw: 'json not null',
    },
    indexes: { delivery_event_message: '(message_id, kind, occurred_at)' },
  },
  {
    name: 'conversion',
    columns: {
      event: 'text not null',
      event_id: 'text not null',
      contact_id: 'text not null',
      message_id: 'text not null',
      occurred_at: 'instant not null',
      amount: 'real',
    },
    constraints: ['primary key (event, event_id)'],
    indexes: { conversion_message: '(message_id)' },
  },
]

/** The DDL of a table and its indexes; running it again changes nothing. */
export const createTable = (dialect: Dialect, table: Table): string[] => {
  const columns = Object.entries(table.columns).map(([name, column]) => `${name} ${spelt(dialect, column)}`)
  const lines = [...columns, ...(table.constraints ?? [])].map((line) => `  ${line}`).join(',\n')
  const storage = table.storage === 'hot' ? dialect.hotTable : table.storage === 'keyed' ? dialect.keyedTable : ''
  const indexes = Object.entries(table.indexes ?? {}).map(
    ([name, definition]) =>
      `create index if not exists ${dialect.indexName(name)} on ${dialect.tableName(table.name)} ${definition}`,
  )
  return [
    `create table if not exists ${dialect.tableName(table.name)} (\n${lines}\n)${storage === '' ? '' : ` ${storage}`}`,
    ...indexes,
  ]
}

const spelt = (dialect: Dialect, column: Column): string => {
  const [type, ...rest] = column.split(' ')
  return [dialect.types[type as ColumnType], ...rest].join(' ')
}
