// A few shapes of SVG as text.

export function text(x, y, content, { anchor = 'start', kind = 'label' } = {}) {
  return `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" class="${kind}">${escaped(content)}</text>`
}

export function bar(x, y, width, height, kind) {
  return `<rect x="${at(x)}" y="${at(y)}" width="${at(Math.max(width, 1))}" height="${at(height)}" rx="1.5" class="${kind}"/>`
}

export function line(x1, y1, x2, y2, kind) {
  return `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" class="${kind}"/>`
}

/** A whole picture; `styles` is CSS. Without a background: the page's shows, be it light or dark. */
export function picture({ width, height, title, styles, shapes }) {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`
  return [head, `<title>${escaped(title)}</title>`, `<style>${styles}</style>`, ...shapes, '</svg>', ''].join('\n')
}

function at(value) {
  return Number(value.toFixed(1))
}

function escaped(content) {
  return content.replace(/[&<>]/g, (each) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[each])
}
