/**
 * A host app that sends mails through a bare nodemailer pool, run as a child: prints what it feels. It is given some mails as
 * JSON and sends them over and over, so that what it holds is the pool's and not the bench's.
 */
import { readFileSync } from 'node:fs'
import type { SendMailOptions } from 'nodemailer'
import { throughPool } from '../send/nodemailer-pool.ts'
import { watchLoop } from './watch-loop.ts'

const [port = 0, mails = 0, connections = 1] = process.argv.slice(2, 5).map(Number)
const given: readonly SendMailOptions[] = JSON.parse(readFileSync(process.argv[5] ?? '', 'utf8'))
const sent = Array.from({ length: mails }, (_, n) => given[n % given.length] ?? {})
const felt = await watchLoop(async () => {
  await throughPool(sent, port, connections)
  return mails
})
console.log(JSON.stringify(felt))
