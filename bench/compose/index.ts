import { composeInputs, prepareNewsletter } from '../fixtures/prepare-newsletter.ts'
import type { Bench } from '../lib/bench.ts'
import { figureOf, note } from '../lib/figure.ts'
import { interleave, rate } from '../lib/interleave.ts'
import { composeWithNodemailer, contentOf } from './nodemailer-compose.ts'
import { assertSameMail } from './same-mail.ts'

/**
 * A mail from a prepared template against nodemailer's MailComposer given finished html, text and headers; both end in a Buffer.
 * nodemailer need not fill in variables, escape or sign: its content is made before the clock runs.
 */
export const bench: Bench = async function* ({ isQuick }) {
  const template = await prepareNewsletter()
  const inputs = composeInputs(isQuick ? 100 : 500)
  const contents = inputs.map((input) => contentOf(template, input))
  let ours = 0
  let theirs = 0
  for (const [n, input] of inputs.slice(0, isQuick ? 5 : 50).entries()) {
    const mail = template.compose(input)
    const reference = await composeWithNodemailer(contents[n]!)
    await assertSameMail(mail.raw, reference)
    ours += mail.raw.length
    theirs += reference.length
  }
  const checked = isQuick ? 5 : 50
  note(
    `${checked} mails parsed and equal; bytes a mail: ours ${Math.round(ours / checked)}, nodemailer ${Math.round(theirs / checked)}`,
  )
  const milliseconds = isQuick ? 100 : 500
  const rates = await interleave(
    {
      ours: () => rate((call) => template.compose(inputs[call % inputs.length]!), milliseconds),
      nodemailer: () => rate((call) => composeWithNodemailer(contents[call % contents.length]!), milliseconds),
    },
    { rounds: isQuick ? 3 : 15, warmUp: isQuick ? 2 : 4 },
  )
  yield figureOf({
    name: 'compose/vs-mailcomposer',
    better: 'higher',
    ours: rates.ours,
    baseline: rates.nodemailer,
    unit: 'mails/s of CPU',
    extra: { bytesOurs: Math.round(ours / checked), bytesBaseline: Math.round(theirs / checked) },
  })
}
