// biome-ignore lint/suspicious/noExplicitAny: what a storage answers to its own requests is known to the storage alone
type Answer = any

/**
 * A piece of storage work as a generator: what it yields are requests that only its storage understands, what it returns is
 * the result. Work is written once with `yield*` and driven synchronously by SQLite and memory, asynchronously by
 * PostgreSQL; it must be repeatable, because a storage runs it again after a serialisation failure or SQLITE_BUSY. So it
 * reads and writes nothing but its arguments and the storage, and never awaits.
 */
export type Step<T> = Generator<unknown, T, Answer>
