// `npm run pictures`: makes the README's pictures from what flotilla really prints, in a terminal of tmux, and from the laboratory's
// notebook. Needs tmux and an engine with the laboratory's images (`npm run demo` makes them).
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { mustRun, run, runAsScript, withoutExtraCertificates } from './lib/process.mjs'
import { ensureBuilt, root } from './lib/project.mjs'
import { screenToSvg } from './lib/terminal-svg.mjs'

const images = join(root, 'docs/images')
const PROJECT = 'my-lab'
const LAB = '-f samples/lab/stack.yaml'
const ENV = { COMPOSE_PROJECT_NAME: PROJECT, JUPYTER_PORT: '18888', MYSQL_PORT: '13306', POSTGIS_PORT: '15432' }

const BROKEN = `services:
  web:
    image: nginx:1.27
    ports: ["80800:80"]
    enviroment:
      DB_PASSWORD: correct-horse-battery
    depends_on: [databse]
  database:
    image: postgres:17
    volumes: [data:/var/lib/postgresql/data]
`

const FAILING = `name: shop
services:
  db:
    image: flotilla-lab-postgis:1
    environment: { POSTGRES_USER: shop, POSTGRES_PASSWORD: correct-horse-battery }
    healthcheck: { test: [CMD, healthy.sh] }
  migrate:
    image: flotilla-lab-postgis:1
    command: psql -h db -U shop -f /migrations/001-orders.sql
    environment: { PGPASSWORD: correct-horse-battery }
    depends_on: { db: { condition: service_healthy } }
  web:
    image: flotilla-lab-jupyter:1
    depends_on: { migrate: { condition: service_completed_successfully } }
`

async function main() {
  await ensureBuilt({ log: console.log })
  withoutExtraCertificates()
  mkdirSync(images, { recursive: true })
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-pictures-'))
  try {
    await laboratory()
    await written(folder, 'errors', BROKEN, 'config')
    await written(folder, 'failure', FAILING, '-p shop up -d', 'up -d')
  } finally {
    await flotilla(`-p ${PROJECT} down -v -t 1`)
    await flotilla('-p shop down -v -t 1 --remove-orphans')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The tree in the middle of the first `up`; then the notebook's map. */
async function laboratory() {
  await picture('up', `${LAB} up -d --wait`, {
    rows: 16,
    until: (screen) => /mysql.*(wait|health)/i.test(screen) && /postgis.*ready/i.test(screen),
  })
  await finished()
  const nbconvert = 'jupyter nbconvert --to notebook --execute --output-dir /tmp work/borders-and-people.ipynb'
  await mustRun('docker', [
    'exec',
    '--user',
    'jovyan',
    '--workdir',
    '/home/jovyan',
    `${PROJECT}-jupyter-1`,
    ...nbconvert.split(' '),
  ])
  copyFileSync(join(root, 'samples/lab/work/map.png'), join(images, 'map.png'))
}

/** What flotilla says to a file of its own. */
async function written(folder, name, text, args, shown = args) {
  writeFileSync(join(folder, 'stack.yaml'), text)
  await picture(name, args, { rows: 60, shown, cwd: folder })
}

/** Runs flotilla in a terminal and keeps the first screen that satisfies `until`, by default the last one. */
async function picture(name, args, { rows, until, shown = args, cwd = root }) {
  const command = `node ${join(root, 'dist/main.js')} ${args}; echo FINISHED; sleep 600`
  const variables = Object.entries(ENV).flatMap(([key, value]) => ['-e', `${key}=${value}`])
  await run('tmux', ['kill-session', '-t', PROJECT])
  await mustRun('tmux', [
    'new-session',
    '-d',
    '-s',
    PROJECT,
    '-x',
    '100',
    '-y',
    String(rows),
    '-c',
    cwd,
    ...variables,
    command,
  ])
  const screen = await screenWhen(until ?? isFinished)
  const prompt = `\u001b[1m$ flotilla ${shown}\u001b[0m\n`
  writeFileSync(
    join(images, `${name}.svg`),
    screenToSvg(prompt + screen.replace(/\n?FINISHED[\s\S]*/, ''), `flotilla ${shown}`),
  )
  console.log(`docs/images/${name}.svg`)
}

function isFinished(screen) {
  return screen.includes('FINISHED')
}

const finished = () => screenWhen(isFinished)

async function screenWhen(condition) {
  for (let tries = 0; tries < 3_000; tries++) {
    const { output } = await run('tmux', ['capture-pane', '-e', '-p', '-t', PROJECT])
    if (condition(output) || isFinished(output)) return output
    await sleep(100)
  }
  throw new Error('the picture never came')
}

async function flotilla(args) {
  await run('tmux', ['kill-session', '-t', PROJECT])
  await run(process.execPath, ['dist/main.js', ...LAB.split(' '), ...args.split(' ')], { cwd: root })
}

await runAsScript(import.meta.url, main)
