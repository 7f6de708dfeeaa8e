import { createApp } from './app.ts'

const { PORT = '3000', SMTP_URL, MAIL_SECRET, MAIL_ADDRESS_KEY } = process.env
if (!SMTP_URL || !MAIL_SECRET || !MAIL_ADDRESS_KEY) {
  console.error('Set SMTP_URL, MAIL_SECRET and MAIL_ADDRESS_KEY (each key 32 characters or more).')
  process.exit(2)
}

const { app, mail } = await createApp({
  database: 'app.db',
  smtpUrl: SMTP_URL,
  baseUrl: `http://127.0.0.1:${PORT}/mail`,
  secret: MAIL_SECRET,
  addressKey: MAIL_ADDRESS_KEY,
})
const stop = new AbortController()
const server = app.listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}`))
process.once('SIGTERM', () => stop.abort())
process.once('SIGINT', () => stop.abort())
await mail.run({ signal: stop.signal })
server.close()
await mail.close()
