import { model } from './model.ts'

export const buyers = model.segment('buyers', ({ did }) => did('order.placed'))

/** 休眠顧客: bought once, not within 90 days. */
export const dormantBuyers = model.segment('dormant-buyers', ({ all, not, did }) =>
  all(did('order.placed'), not(did('order.placed', { within: '90 days' }))),
)

export const bigSpenders = model.segment('big-spenders', ({ all, any, attribute, did }) =>
  any(
    attribute('plan', '=', 'pro'),
    all(did('order.placed', { count: ['>=', 2] }), did('order.placed', { where: (order) => order('total', '>=', 20_000) })),
  ),
)

export const everyone = model.segment('everyone', ({ everyone }) => everyone())
