import type { AddedColumns, Table } from './table.ts'

/**
 * Columns that schema version 2 adds, in the order in which transactions lock these tables.
 *
 * `send_queue.cap` is what the mark reserved; it speaks only while the row is in phase 1. `message.cap` keeps it for a call
 * whose row the reaper took, so that its late finish can give it back.
 */
export const columnsOfVersion2: readonly AddedColumns[] = [
  {
    table: 'scenario',
    columns: {
      origin: "text not null default 'code'",
      pauses: "json not null default '[]'",
      paused_at: 'instant',
      draft_version: 'integer',
    },
  },
  { table: 'inbox', columns: { meta: 'json' } },
  {
    table: 'enrolment',
    columns: {
      memory: "json not null default '{}'",
      pauses_seen: 'integer not null default 0',
      depth: 'integer not null default 0',
    },
  },
  { table: 'send_queue', columns: { cap: 'json' } },
  { table: 'message', columns: { urgent: 'text', cap: 'json' } },
]

/**
 * Tables that schema version 2 adds.
 *
 * `watch_member` and `assignment` are keyed by contact first: they are read and written for a batch of contacts. What is due
 * is found through indexes in the order of time, partial on conditions that a planner without statistics does not take for
 * rare, as in version 1.
 *
 * Of `cap_counter` the row with an empty `given_back` counts what marks took. Each place that is given back is a row of its own
 * until a mark adds it up, so that giving back waits for nobody: a worker marks some contacts and gives back for others in one
 * transaction, and two of them would otherwise wait for each other.
 */
export const tablesOfVersion2: readonly Table[] = [
  {
    name: 'watch',
    columns: {
      watch_key: 'text primary key',
      spec: 'json not null',
      state: 'text not null',
      cursor_id: 'text',
      created_at: 'instant not null',
    },
  },
  {
    name: 'watch_member',
    columns: {
      contact_id: 'text not null',
      watch_key: 'text not null',
      is_member: 'boolean not null',
      changed_at: 'instant not null',
      next_at: 'instant',
    },
    constraints: ['primary key (contact_id, watch_key)'],
    storage: 'keyed',
    indexes: { watch_member_due: '(next_at, contact_id) where next_at is not null' },
  },
  {
    name: 'effect_queue',
    columns: {
      idem_key: 'text primary key',
      enrolment_id: 'text not null',
      contact_id: 'text not null',
      scenario: 'text not null',
      step_id: 'text not null',
      step_seq: 'integer not null',
      handler: 'text not null',
      payload: 'json not null',
      timeout: 'instant not null',
      attempts: 'integer not null',
      waits: 'boolean not null',
      run_at: 'instant not null',
      attempt: 'integer not null',
      dead: 'boolean not null default false',
      error: 'text',
      created_at: 'instant not null',
      lease_until: 'instant not null default 0',
      token: 'integer not null default 0',
    },
    storage: 'hot',
    indexes: {
      effect_queue_claim: '(run_at, idem_key) where not dead',
      effect_queue_enrolment: '(enrolment_id)',
      effect_queue_contact: '(contact_id)',
    },
  },
  {
    name: 'assignment',
    columns: {
      contact_id: 'text not null',
      experiment: 'text not null',
      variant: 'text not null',
      assigned_at: 'instant not null',
    },
    constraints: ['primary key (contact_id, experiment)'],
    storage: 'keyed',
    indexes: { assignment_variant: '(experiment, variant)' },
  },
  {
    name: 'job',
    columns: {
      id: 'text primary key',
      kind: 'text not null',
      scenario: 'text not null',
      spec: 'json not null',
      cursor_at: 'json',
      state: 'text not null',
      done: 'integer not null',
      total: 'integer',
      run_at: 'instant not null',
      created_at: 'instant not null',
      finished_at: 'instant',
    },
    indexes: { job_scenario: '(scenario, created_at, id)', job_running: "(run_at) where state = 'running'" },
  },
  {
    name: 'cap_counter',
    columns: {
      contact_id: 'text not null',
      cap: 'text not null',
      bucket: 'text not null',
      given_back: 'text not null',
      used: 'integer not null',
    },
    constraints: ['primary key (contact_id, cap, bucket, given_back)'],
    storage: 'keyed',
    indexes: { cap_counter_bucket: '(length(bucket), bucket)' },
  },
]
