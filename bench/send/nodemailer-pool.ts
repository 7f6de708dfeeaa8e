import { createTransport, type SendMailOptions } from 'nodemailer'

/** What a bare nodemailer pool does in a second with these mails: kept busy, with twice as many calls under way as connections. */
export const throughPool = async (mails: readonly SendMailOptions[], port: number, connections: number): Promise<number> => {
  const transport = createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    ignoreTLS: true,
  })
  const started = performance.now()
  const queue = mails.values()
  const work = async (): Promise<void> => {
    for (const mail of queue) await transport.sendMail(mail)
  }
  await Promise.all(Array.from({ length: connections * 2 }, work))
  const seconds = (performance.now() - started) / 1_000
  transport.close()
  return mails.length / seconds
}
