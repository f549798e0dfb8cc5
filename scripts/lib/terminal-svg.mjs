// A terminal's screen, as `tmux capture-pane -e` gives it, as an SVG picture that reads well on light and dark pages.
const CELL = { width: 8.4, height: 18 }
const PADDING = 14
const COLOURS = ['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#c9d1d9']
const BRIGHT = ['#6e7681', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#f0f6fc']
const INK = '#c9d1d9'
const PAPER = '#0d1117'

const ESCAPE = String.fromCharCode(27)
/** Select graphic rendition: colours and weights. */
const SGR = new RegExp(`${ESCAPE}\\[([\\d;]*)m`)

/** @param screen lines with SGR sequences (ECMA-48); nothing else of a terminal's language is understood */
export function screenToSvg(screen, title) {
  const lines = screen.replace(/\s+$/, '').split('\n')
  const columns = Math.max(...lines.map((line) => plain(line).length), 40)
  const [width, height] = [columns * CELL.width + 2 * PADDING, lines.length * CELL.height + 2 * PADDING]
  const rows = lines.map((line, row) => textRow(line, PADDING + (row + 0.75) * CELL.height))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${INK}">`,
    ...rows,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

function plain(line) {
  return line.replace(new RegExp(SGR.source, 'g'), '')
}

/** Words stand where the terminal's cells are, whatever font the reader's machine has. */
function textRow(line, y) {
  let column = 0
  const words = runs(line).flatMap(({ text, style }) => {
    const start = column
    column += text.length
    return [...text.matchAll(/\S+(?: \S+)*/g)].map((found) => tspan(found[0], start + found.index, style))
  })
  return `<text y="${round(y)}">${words.join('')}</text>`
}

function tspan(text, column, style) {
  const x = round(PADDING + column * CELL.width)
  return `<tspan x="${x}" textLength="${round(text.length * CELL.width)}"${attributes(style)}>${escaped(text)}</tspan>`
}

/** The line in stretches of one style each. Splitting by a pattern with a group gives texts and codes in turn. */
function runs(line) {
  let style = {}
  return line.split(SGR).flatMap((part, position) => {
    if (position % 2 === 0) return part ? [{ text: part, style }] : []
    style = applied(style, part.split(';').map(Number))
    return []
  })
}

function applied(style, codes) {
  const [code = 0, ...rest] = codes
  if (code === 38 && rest[0] === 2) return next({ ...style, fill: `rgb(${rest.slice(1, 4).join(',')})` }, rest.slice(4))
  if (code === 38 && rest[0] === 5) return next({ ...style, fill: indexed(rest[1]) }, rest.slice(2))
  return next(single(style, code), rest)
}

function next(style, codes) {
  return codes.length > 0 ? applied(style, codes) : style
}

function single(style, code) {
  if (code === 0) return {}
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, dim: true }
  if (code === 22) return { ...style, bold: false, dim: false }
  if (code === 39) return { ...style, fill: undefined }
  if (code >= 30 && code <= 37) return { ...style, fill: COLOURS[code - 30] }
  return code >= 90 && code <= 97 ? { ...style, fill: BRIGHT[code - 90] } : style
}

/** The 256-colour table: 16 named ones, a cube of 216, 24 greys. */
function indexed(index) {
  if (index < 16) return (index < 8 ? COLOURS : BRIGHT)[index % 8]
  if (index >= 232) return grey(8 + (index - 232) * 10)
  const level = (value) => (value === 0 ? 0 : 55 + value * 40)
  const cube = index - 16
  return `rgb(${[Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level).join(',')})`
}

function grey(level) {
  return `rgb(${level},${level},${level})`
}

function attributes({ fill, bold, dim }) {
  return [fill && ` fill="${fill}"`, bold && ' font-weight="bold"', dim && ' opacity="0.65"'].filter(Boolean).join('')
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function round(number) {
  return Math.round(number * 10) / 10
}
