import { type AddressInfo, createServer, type Socket } from 'node:net'

/** What the server does with a command or, at `.`, with a mail: an answer, `null` for silence, or what it does to the socket. */
export type Script = (line: string, socket: Socket) => string | null | undefined

export interface ScriptedServer {
  readonly port: number
  /** All commands of all connections, in order; a mail's data is one entry, `data:` and the bytes. */
  readonly log: readonly string[]
  readonly connections: number
  close(): Promise<void>
}

const defaults = (line: string, extensions: readonly string[]): string => {
  if (line.startsWith('EHLO'))
    return ['scripted.example', ...extensions].map((word, i, all) => `250${i < all.length - 1 ? '-' : ' '}${word}`).join('\r\n')
  if (line === 'DATA') return '354 Go on'
  if (line === 'QUIT') return '221 2.0.0 Bye'
  return '250 2.0.0 Ok'
}

/** A small SMTP server that answers by script and else as a friendly server does; `.` stands for the end of a mail. */
export async function scriptedServer(script: Script, extensions: readonly string[] = ['PIPELINING']): Promise<ScriptedServer> {
  const log: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.setNoDelay(true)
    sockets.add(socket)
    let text = ''
    let searched = 0
    let isData = false
    let hasRecipient = false
    const answer = (line: string): void => {
      const scripted = script(line, socket)
      const friendly = line === 'DATA' && !hasRecipient ? '554 5.5.1 No valid recipients' : defaults(line, extensions)
      const reply = scripted === undefined ? friendly : scripted
      if (line.startsWith('RCPT')) hasRecipient = reply?.startsWith('250') ?? false
      if (line === 'DATA' && reply?.startsWith('354')) isData = true
      if (reply !== null && !socket.destroyed) socket.write(`${reply}\r\n`)
    }
    const next = (): string | null => {
      const end = isData ? text.indexOf('\r\n.\r\n', searched) : text.indexOf('\r\n')
      searched = isData ? Math.max(0, text.length - 4) : 0
      if (end === -1) return null
      const piece = isData ? `data:${text.slice(0, end + 2)}` : text.slice(0, end)
      text = text.slice(end + (isData ? 5 : 2))
      searched = 0
      return piece
    }
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (isData && text.length > 100_000) script('much data', socket)
      for (let piece = next(); piece !== null && !socket.destroyed; piece = next()) {
        log.push(piece)
        if (isData) {
          isData = false
          answer('.')
        } else answer(piece)
      }
    })
    socket.write('220 scripted.example ESMTP\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    log,
    get connections() {
      return connections
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
