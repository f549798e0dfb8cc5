// From a fresh clone to a running laboratory: `npm run demo`. Does what is missing, so that a second run is quick.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ensureBases } from './base-images.mjs'
import { ensureEngine } from './engine.mjs'
import { choosePorts, chooseProject } from './lib/ports.mjs'
import { run, runAsScript, UserError } from './lib/process.mjs'
import { ensureBuilt, root } from './lib/project.mjs'

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
  await ensureBuilt({ log })
  const endpoint = await ensureEngine({ log })
  const bases = await ensureBases({ log, endpoint })
  const project = await chooseProject(endpoint, { name: 'lab', folder: join(root, dirname(STACK)), log })
  const ports = await choosePorts(endpoint, { project: project.name, wishes: PORTS.map(withDeclared), log })
  const env = { ...bases, ...project.env, ...ports }
  await node([...FLOTILLA, 'up', '-d', '--wait'], env)
  await node([...FLOTILLA, 'endpoints'], env)
  log(closingWords(env))
}

function log(line) {
  console.log(line)
}

/** The port that the user declares in the sample's .env counts as the sample's own. */
function withDeclared(wish) {
  const declared = envFile().match(new RegExp(`^${wish.variable}=(\\d+)`, 'm'))?.[1]
  return { ...wish, wanted: Number(declared ?? wish.port) }
}

function envFile() {
  return readFileSync(join(root, dirname(STACK), '.env'), 'utf8')
}

function node(args, env) {
  return step(process.execPath, args, env)
}

async function step(command, args, env) {
  const { code } = await run(command, args, { cwd: root, stdio: 'inherit', env })
  if (code !== 0) throw new UserError(`\`${[command, ...args].join(' ')}\` ended with exit code ${code}.`)
}

function closingWords(env) {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value} `)
  const command = ['node', ...FLOTILLA].join(' ')
  const named = env.COMPOSE_PROJECT_NAME ? `COMPOSE_PROJECT_NAME=${env.COMPOSE_PROJECT_NAME} ` : ''
  const why = settings.length > 0 ? ', with the settings that this machine needs' : ''
  return `
The laboratory is up. Open JupyterLab at its address above, and open borders-and-people.ipynb there.
To take it down:
    ${named}${command} down
To bring it up again${why}:
    ${settings.join('')}${command} up -d --wait`
}

await runAsScript(import.meta.url, main)
