/** A host app that sends the same mails through a bare nodemailer pool, run as a child: prints what it feels. */
import { contentOf } from '../compose/nodemailer-compose.ts'
import { composeInputs, prepareNewsletter } from '../fixtures/prepare-newsletter.ts'
import { throughPool } from '../send/nodemailer-pool.ts'
import { watchLoop } from './watch-loop.ts'

const [port = 0, mails = 0, connections = 1] = process.argv.slice(2).map(Number)
const template = await prepareNewsletter()
const contents = composeInputs(mails).map((input) => ({
  ...contentOf(template, input),
  envelope: template.compose(input).envelope,
}))
console.log(
  JSON.stringify(
    await watchLoop(async () => {
      await throughPool(contents, port, connections)
      return mails
    }),
  ),
)
