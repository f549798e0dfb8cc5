// From a fresh clone to a running laboratory: `npm run demo`. Does what is missing, so that a second run is quick.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBases } from './base-images.mjs'
import { ensureEngine } from './engine.mjs'
import { choosePorts } from './lib/ports.mjs'
import { run, runAsScript, UserError } from './lib/process.mjs'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const STACK = 'samples/lab/stack.yaml'
const FLOTILLA = ['dist/main.js', '-f', STACK]
const PORTS = [
  { variable: 'JUPYTER_PORT', service: 'jupyter', port: 8888 },
  { variable: 'MYSQL_PORT', service: 'mysql', port: 3306 },
  { variable: 'POSTGIS_PORT', service: 'postgis', port: 5432 },
]

async function main() {
  // What runs at the time gets the interrupt too, and has its own way to end.
  process.on('SIGINT', () => {})
  await installPackages()
  await buildCli()
  const endpoint = await ensureEngine({ log })
  const bases = await ensureBases({ log, endpoint })
  const ports = await choosePorts(endpoint, { project: 'lab', wishes: PORTS.map(withDeclared), log })
  const env = { ...bases, ...ports }
  await node([...FLOTILLA, 'up', '-d', '--wait'], env)
  await node([...FLOTILLA, 'endpoints'], env)
  log(closingWords(env))
}

function log(line) {
  console.log(line)
}

async function installPackages() {
  if (isNewer('node_modules/.package-lock.json', ['package-lock.json'])) return
  log('Installing the npm packages …')
  // Under `npm run`, the very same npm; else the one that the shell finds.
  const npm = process.env.npm_execpath
  await step(...(npm?.endsWith('.js') ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']]))
}

async function buildCli() {
  if (isNewer('dist/main.js', ['src', 'schemas', 'scripts/build.mjs', 'package.json'])) return
  log('Building the command line …')
  await node(['scripts/build.mjs'])
}

/** Whether a product is there and newer than all that it is made of. */
function isNewer(product, sources) {
  if (!existsSync(join(ROOT, product))) return false
  const made = statSync(join(ROOT, product)).mtimeMs
  return sources.flatMap(filesBelow).every((file) => statSync(file).mtimeMs <= made)
}

function filesBelow(name) {
  const path = join(ROOT, name)
  return statSync(path).isDirectory() ? readdirSync(path, { recursive: true }).map((file) => join(path, file)) : [path]
}

/** The port that the user declares in the sample's .env counts as the sample's own. */
function withDeclared(wish) {
  const declared = envFile().match(new RegExp(`^${wish.variable}=(\\d+)`, 'm'))?.[1]
  return { ...wish, wanted: Number(declared ?? wish.port) }
}

function envFile() {
  return readFileSync(join(ROOT, dirname(STACK), '.env'), 'utf8')
}

function node(args, env) {
  return step(process.execPath, args, env)
}

async function step(command, args, env) {
  const { code } = await run(command, args, { cwd: ROOT, stdio: 'inherit', env })
  if (code !== 0) throw new UserError(`\`${[command, ...args].join(' ')}\` ended with exit code ${code}.`)
}

function closingWords(env) {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value} `)
  const command = ['node', ...FLOTILLA].join(' ')
  const why = settings.length > 0 ? ', with the settings that this machine needs' : ''
  return `
The laboratory is up. Open JupyterLab at its address above, and there borders-and-people.ipynb.
To take it down:
    ${command} down
To bring it up again${why}:
    ${settings.join('')}${command} up -d --wait`
}

await runAsScript(import.meta.url, main)
