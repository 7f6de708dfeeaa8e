import { anniversary } from './anniversary.ts'
import { birthday } from './birthday.ts'
import { brochureEducation } from './brochure-education.ts'
import { brochureReceipt } from './brochure-receipt.ts'
import { browsing } from './browsing.ts'
import { campaignProgress } from './campaign-progress.ts'
import { cart } from './cart.ts'
import { crossSell } from './cross-sell.ts'
import { fallingUse } from './falling-usage.ts'
import { keepWarm } from './keep-warm.ts'
import { purchaseFollowUp } from './purchase-follow-up.ts'
import { renewal } from './renewal.ts'
import { reviewRequest } from './review-request.ts'
import { sunset } from './sunset.ts'
import { upSell } from './up-sell.ts'
import { welcome } from './welcome.ts'
import { winBackBuyers } from './win-back-buyers.ts'
import { winBackLeads } from './win-back-leads.ts'

/** All recipes, as one app could run them side by side. */
export const recipes = [
  welcome,
  brochureReceipt,
  brochureEducation,
  keepWarm,
  purchaseFollowUp,
  reviewRequest,
  crossSell,
  upSell,
  cart,
  browsing,
  birthday,
  anniversary,
  renewal,
  winBackBuyers,
  winBackLeads,
  fallingUse,
  campaignProgress,
  sunset,
]
