import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

/** A finding of MJML's validator. Its own message quotes values of the markup, so it is not passed on as it is. */
export interface Finding {
  readonly line: number
  readonly tagName: string
  readonly message: string
}

/** What MJML made of a source. */
export type Compiled = { readonly html: string } | { readonly findings: readonly Finding[] }

export interface MjmlSettings {
  readonly validationLevel: 'strict'
  readonly keepComments: false
  readonly fonts?: { readonly [family: string]: string }
}

type Compile = (source: string, settings: MjmlSettings) => Promise<{ readonly html: string }>

/** Templates are prepared one after the other at the start of a process; after that the thread and its memory are given back. */
const idle = 2_000
/** As fast as with 64 MB, and V8 keeps that much less for a while after the thread has ended. */
const maxYoungGenerationSizeMb = 8

interface Thread {
  compile(source: string, settings: MjmlSettings): Promise<Compiled>
}

let running: Thread | undefined

/**
 * Compiles in a thread of its own that ends when nothing has been asked of it for two seconds: MJML takes 95 MB and holds its
 * thread for most of a second, and the host's event loop must feel neither. Where no thread can be had (a bundler that has moved the
 * package, a runtime without threads) it is loaded in this one.
 */
export const compileMjml = async (source: string, settings: MjmlSettings): Promise<Compiled> => {
  running ??= startThread()
  if (running !== undefined) return await running.compile(source, settings)
  const { default: compile } = await import('mjml')
  return await compiledBy(compile, source, settings)
}

const compiledBy = async (compile: Compile, source: string, settings: MjmlSettings): Promise<Compiled> => {
  try {
    const { html } = await compile(source, settings)
    return { html }
  } catch (error) {
    return { findings: findingsOf(error) }
  }
}

const startThread = (): Thread | undefined => {
  try {
    const mjml = pathToFileURL(createRequire(import.meta.url).resolve('mjml')).href
    const options = {
      workerData: { mjml },
      resourceLimits: { maxYoungGenerationSizeMb },
      execArgv: [],
      stdout: false,
      stderr: false,
    }
    return threadOf(new Worker(script, { eval: true, ...options }))
  } catch {
    return undefined
  }
}

const threadOf = (worker: Worker): Thread => {
  const waiting = new Map<number, { resolve(compiled: Compiled): void; reject(error: unknown): void }>()
  let asked = 0
  let timer: NodeJS.Timeout | undefined
  const end = (error: unknown): void => {
    if (running === thread) running = undefined
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('message', ({ id, compiled }: { readonly id: number; readonly compiled: Compiled }) => {
    waiting.get(id)?.resolve(compiled)
    waiting.delete(id)
    if (waiting.size > 0) return
    worker.unref()
    timer = setTimeout(() => {
      if (running === thread) running = undefined
      void worker.terminate()
    }, idle)
    timer.unref()
  })
  worker.on('error', end)
  worker.on('exit', () => end(new Error('The thread that compiles MJML has ended.')))
  const thread: Thread = {
    compile: (source, settings) =>
      new Promise((resolve, reject) => {
        clearTimeout(timer)
        worker.ref()
        asked += 1
        waiting.set(asked, { resolve, reject })
        worker.postMessage({ id: asked, source, settings })
      }),
  }
  return thread
}

/** The thread's own code, as text: a file of its own would be lost by bundlers. Findings are copied, since errors lose their fields on the way. */
const script = `
const { parentPort, workerData } = require('node:worker_threads')
const loaded = import(workerData.mjml).then(({ default: mjml }) => mjml.default ?? mjml)
const findingsOf = (error) => (Array.isArray(error?.errors) ? error.errors : []).map(({ line, tagName, message }) => ({ line, tagName, message }))
parentPort.on('message', async ({ id, source, settings }) => {
  const compile = await loaded
  let compiled
  try {
    const { html } = await compile(source, settings)
    compiled = { html }
  } catch (error) {
    compiled = { findings: findingsOf(error) }
  }
  parentPort.postMessage({ id, compiled })
})
`

const findingsOf = (error: unknown): readonly Finding[] => {
  if (typeof error !== 'object' || error === null || !('errors' in error) || !Array.isArray(error.errors)) return []
  return error.errors
}
