import { describe, expect, it } from 'vitest'
import { classifyOpen } from './classify-open.ts'
import { type ClickSignals, scoreClick } from './score-click.ts'

const safari = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148'
const gmailProxy = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)'

describe('classifyOpen', () => {
  it.each<[string, string | null, string, string]>([
    ['a phone', safari, 'GET', 'human'],
    ["Gmail's proxy, which fetches when a person opens", gmailProxy, 'GET', 'human'],
    ["Yahoo's proxy", 'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html', 'GET', 'human'],
    ['Outlook', 'Mozilla/4.0 (compatible; ms-office; MSOffice 16)', 'GET', 'human'],
    ['no user agent', null, 'GET', 'human'],
    ['Apple Mail Privacy Protection', 'Mozilla/5.0', 'GET', 'machine'],
    ['a gateway', 'Mozilla/5.0 (compatible; Barracuda Sentinel)', 'GET', 'machine'],
    ['a crawler', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'GET', 'machine'],
    ['a HEAD request', safari, 'HEAD', 'machine'],
  ])('%s', (_what, userAgent, method, actor) => {
    expect(classifyOpen({ userAgent, method }).actor).toBe(actor)
  })
})

const person: ClickSignals = { userAgent: safari, method: 'GET', sinceSent: 3_600_000, linksInBurst: 1, recipientsOfAddress: 1 }

describe('scoreClick', () => {
  it.each<[string, Partial<ClickSignals>, number, string]>([
    ['a person', {}, 0, 'human'],
    ['a person at once', { sinceSent: 9_999 }, 3, 'human'],
    ['ten seconds are enough for a person', { sinceSent: 10_000 }, 0, 'human'],
    ['sending not known', { sinceSent: null }, 0, 'human'],
    ['three links at once', { linksInBurst: 3 }, 4, 'human'],
    ['two links at once', { linksInBurst: 2 }, 0, 'human'],
    ['three links right after sending', { sinceSent: 2_000, linksInBurst: 3 }, 7, 'machine'],
    ['an office behind one address', { recipientsOfAddress: 19 }, 0, 'human'],
    ['a gateway behind one address', { recipientsOfAddress: 20, sinceSent: 2_000 }, 7, 'machine'],
    ['a HEAD request', { method: 'HEAD' }, 5, 'machine'],
    ['a scanner that says so', { userAgent: 'python-requests/2.32' }, 5, 'machine'],
  ])('%s', (_what, signals, score, actor) => {
    expect(scoreClick({ ...person, ...signals })).toEqual({ score, actor, ruleVersion: 1 })
  })
})
