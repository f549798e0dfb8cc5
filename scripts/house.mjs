// `npm run house`: draws docs/images/house.svg, the folders of src on their floors with the way of `flotilla up` through them. The floors
// follow from the imports; test/docs/house.test.ts holds that the picture is the one of the code.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { runAsScript } from './lib/process.mjs'
import { root } from './lib/project.mjs'

export const PICTURE = join(root, 'docs/images/house.svg')

/** The stops of `up`: the folder, and what happens there. docs/architecture.md has them in detail. */
const WAY = [
  ['main', 'argv'],
  ['cli', 'parse'],
  ['command', 'intent'],
  ['project', 'lock, send the lists'],
  ['load', 'files to stack'],
  ['backend', 'observe, plan'],
  ['execute', 'run the steps'],
  ['docker', 'one call a step'],
  ['view', 'show events'],
]

const WIDTH = 960
const FLOOR = 84
const BOX = { width: 150, height: 52 }
const TOP = 24

await runAsScript(import.meta.url, () => writeFileSync(PICTURE, drawHouse()))

/** @returns {string} the picture as SVG text; the same for the same imports */
export function drawHouse() {
  const floors = floorsOf(folderImports())
  const boxes = placed(floors)
  const height = TOP * 2 + floors.length * FLOOR
  const parts = [...boxes.values()].map(drawBox)
  const way = WAY.map(([folder, what], index) => ({ ...boxes.get(folder), what, number: index + 1 }))
  const body = [
    ...floors.map((_, level) => drawFloor(level, floors.length)),
    drawWay(way),
    ...parts,
    ...way.map(drawStop),
  ]
  return `${[head(height), ...body, '</svg>'].join('\n')}\n`
}

/** Which folder of src imports which: a map from each folder to a set. */
function folderImports() {
  const src = join(root, 'src')
  const files = readdirSync(src, { recursive: true }).filter(
    (file) => file.endsWith('.ts') && !file.includes('generated'),
  )
  const imports = new Map()
  for (const file of files.sort()) {
    const from = folderOf(file)
    const targets = imports.get(from) ?? new Set()
    imports.set(from, targets)
    for (const [, specifier] of readFileSync(join(src, file), 'utf8').matchAll(/from '(\.[^']+)'/g)) {
      const target = folderOf(normalize(join(dirname(file), specifier)))
      if (target !== from) targets.add(target)
    }
  }
  return imports
}

function folderOf(path) {
  return path.split(/[\\/]/)[0].replace(/\.ts$/, '')
}

/** The lowest floor imports nothing; any other folder stands one above the highest that it imports. */
function floorsOf(imports) {
  const levels = new Map()
  const levelOf = (folder) => {
    if (!levels.has(folder)) levels.set(folder, 1 + Math.max(-1, ...[...imports.get(folder)].map(levelOf)))
    return levels.get(folder)
  }
  const floors = []
  for (const folder of [...imports.keys()].sort()) {
    const level = levelOf(folder)
    floors[level] = [...(floors[level] ?? []), folder]
  }
  return floors
}

function placed(floors) {
  const boxes = new Map()
  floors.forEach((folders, level) => {
    const gap = (WIDTH - folders.length * BOX.width) / (folders.length + 1)
    folders.forEach((folder, index) => {
      const x = Math.round(gap + index * (BOX.width + gap))
      boxes.set(folder, { folder, x, y: TOP + (floors.length - 1 - level) * FLOOR + (FLOOR - BOX.height) / 2 })
    })
  })
  return boxes
}

function head(height) {
  const style = [
    'text { font: 15px ui-sans-serif, system-ui, sans-serif; fill: #1f2937; text-anchor: middle }',
    '.what { font-size: 11px; fill: #b45309 }',
    '.number { font-size: 11px; fill: #fff }',
    '.box { fill: #eff6ff; stroke: #60a5fa }',
    '.floor { stroke: #e5e7eb }',
    '.way { fill: none; stroke: #f59e0b; stroke-width: 2; stroke-dasharray: 5 4 }',
    '.stop { fill: #b45309 }',
  ].join(' ')
  const title =
    'Folders of src by floor: a folder imports only from floors below. The numbers are the way of flotilla up.'
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img"><title>${title}</title>`,
    `<style>${style}</style><rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
  ].join('\n')
}

function drawFloor(level, count) {
  const y = TOP + (count - level) * FLOOR
  return `<line class="floor" x1="16" x2="${WIDTH - 16}" y1="${y}" y2="${y}"/>`
}

function drawBox({ folder, x, y }) {
  const label = folder === 'main' || folder === 'index' ? `${folder}.ts` : folder
  const down = WAY.some(([stop]) => stop === folder) ? 22 : 31
  const shape = `<rect class="box" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>`
  return `${shape}<text x="${x + BOX.width / 2}" y="${y + down}">${label}</text>`
}

function drawWay(stops) {
  const points = stops.map(({ x, y }) => `${x + 12},${y}`)
  return `<polyline class="way" points="${points.join(' ')}"/>`
}

function drawStop({ x, y, what, number }) {
  const circle = `<circle class="stop" cx="${x + 12}" cy="${y}" r="9"/><text class="number" x="${x + 12}" y="${y + 4}">${number}</text>`
  return `${circle}<text class="what" x="${x + BOX.width / 2}" y="${y + 40}">${what}</text>`
}
