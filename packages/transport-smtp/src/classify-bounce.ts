export type BounceClass = 'hard-unknown-user' | 'message' | 'policy' | 'undetermined'
export function classifyBounce(b: {
  code: number
  enhancedCode: string | null
  text: string
  domain: string
  stage: string
}): BounceClass {
  if (b.enhancedCode === '5.1.1') return 'hard-unknown-user'
  if (b.code === 552) return 'message'
  return 'undetermined'
}
