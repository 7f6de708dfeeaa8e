/** Of the report page: readable on paper, on a phone, and beside the figures of last month. */
export const style = `
  body { font-family: "Hiragino Sans", "Noto Sans CJK JP", "Noto Sans JP", Meiryo, sans-serif; color: #222; background: #f6f5f1; margin: 0; line-height: 1.6 }
  main { max-width: 1180px; margin: 0 auto; padding: 24px }
  .mark { display: inline-block; background: #b5372a; color: #fff; padding: 2px 12px; border-radius: 3px; font-weight: 700 }
  h1 { margin: 8px 0; font-size: 24px } h2 { margin: 0 0 12px; font-size: 17px }
  section { background: #fff; border: 1px solid #e2e0d8; border-radius: 8px; padding: 16px 20px; margin: 16px 0 }
  small { display: block; font-size: 12px; font-weight: 400; color: #666; line-height: 1.4 }
  dl { display: grid; grid-template-columns: repeat(4, 1fr); gap: 20px 16px; margin: 0 }
  dt { color: #555; font-size: 13px } dd { margin: 0; font-size: 26px; font-weight: 700; line-height: 1.4 } dd small b { color: #3f6b4c }
  .scroll { overflow-x: auto }
  table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums }
  th, td { padding: 6px 8px; text-align: right; vertical-align: top; border-bottom: 1px solid #eee; white-space: nowrap }
  thead th { font-size: 12px; color: #555; vertical-align: bottom; line-height: 1.3 }
  th:first-child { position: sticky; left: 0; background: #fff; text-align: left; font-weight: 400; min-width: 130px; white-space: normal }
  .kpi th:first-child { border-right: 1px solid #eee } .kpi td small { font-size: 11px }
  tr.scenario > *, tr.broadcast > *, tr.total > * { font-weight: 700; border-top: 1px solid #ccc } tr.step th:first-child { padding-left: 20px }
  .counts td { width: 1% }
  .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; align-items: start } .pair section { margin: 0 }
  svg { width: 100%; min-width: 640px; height: auto; display: block }
  footer { color: #555; font-size: 13px; margin-top: 24px } footer ul { margin: 0; padding-left: 20px }
  @media (max-width: 720px) {
    main { padding: 12px } section { padding: 12px } .pair { grid-template-columns: 1fr }
    dl { grid-template-columns: repeat(2, 1fr) } dd { font-size: 22px }
  }
`
