import * as echarts from 'echarts'

/** Mails a day as an SVG that says in words what it shows. */
export const dailyChart = (byDay: readonly { readonly day: string; readonly mails: number }[]): string => {
  const picture = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 1_120, height: 280 })
  picture.setOption({
    animation: false,
    grid: { left: 48, right: 16, top: 32, bottom: 40 },
    xAxis: { type: 'category', data: byDay.map(({ day }) => shortDate(day)) },
    yAxis: { type: 'value', name: '通' },
    series: [{ type: 'bar', data: byDay.map(({ mails }) => mails), itemStyle: { color: '#5b7c65' } }],
  })
  const svg = picture.renderToSVGString()
  picture.dispose()
  return svg.replace(/^<svg([^>]*)>/, `<svg role="img"$1><title>${describe(byDay)}</title>`)
}

const shortDate = (day: string): string => day.slice(5).replace('-', '/')

const describe = (byDay: readonly { readonly day: string; readonly mails: number }[]): string => {
  const busiest = byDay.toSorted((a, b) => b.mails - a.mails)[0]
  const most = busiest ? `。最多は ${shortDate(busiest.day)} の ${busiest.mails} 通` : ''
  return `日別の到達数の棒グラフ(${byDay.length} 日間)${most}`
}
