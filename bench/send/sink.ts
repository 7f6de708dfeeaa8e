import { type AddressInfo, createServer, type Socket } from 'node:net'

/**
 * The other end of the bench, run as a child process: an SMTP server without TLS that offers what Postfix offers, takes every
 * mail, keeps none, and counts mails and distinct Message-IDs. Lean, so that it is never what is measured.
 */
const greeting = '220 sink.example ESMTP\r\n'
const offer = '250-sink.example\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n'
const endOfData = Buffer.from('\r\n.\r\n')

export interface SinkCounts {
  readonly mails: number
  readonly distinct: number
}

/** How long it thinks about each mail before it takes it, in ms: the first argument. */
const latency = Number(process.argv[2] ?? 0)

let mails = 0
let ids = new Set<string>()

const answerTo = (command: string): string => {
  if (command.startsWith('EHLO')) return offer
  if (command.startsWith('DATA')) return '354 End data with <CR><LF>.<CR><LF>\r\n'
  return command.startsWith('QUIT') ? '221 2.0.0 Bye\r\n' : '250 2.0.0 Ok\r\n'
}

const idOf = (head: string): string => /^message-id:\s*<([^>]+)>/im.exec(head)?.[1] ?? ''

const serve = (socket: Socket): void => {
  let isData = false
  let head = ''
  let rest: Buffer = Buffer.alloc(0)

  /** Reads one command or the rest of one mail out of `chunk`; answers how far it got, 0 for not yet. */
  const step = (chunk: Buffer): number => {
    if (!isData) {
      const end = chunk.indexOf('\n')
      if (end === -1) return 0
      const command = chunk.toString('latin1', 0, end).toUpperCase()
      isData = command.startsWith('DATA')
      socket.write(answerTo(command))
      if (command.startsWith('QUIT')) socket.end()
      return end + 1
    }
    if (head.length < 4_096) head += chunk.toString('latin1', 0, 4_096)
    const end = chunk.indexOf(endOfData)
    if (end === -1) return 0
    mails++
    ids.add(idOf(head))
    head = ''
    isData = false
    if (latency === 0) socket.write('250 2.0.0 Ok: queued\r\n')
    else setTimeout(() => socket.write('250 2.0.0 Ok: queued\r\n'), latency)
    return end + endOfData.length
  }

  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    let left = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (let read = step(left); read > 0; read = left.length > 0 ? step(left) : 0) left = left.subarray(read)
    rest = isData && left.length > endOfData.length ? left.subarray(1 - endOfData.length) : left
  })
  socket.write(greeting)
}

const server = createServer(serve)
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('message', () => {
  process.send?.({ mails, distinct: ids.size } satisfies SinkCounts)
  mails = 0
  ids = new Set()
})
process.on('disconnect', () => process.exit())
