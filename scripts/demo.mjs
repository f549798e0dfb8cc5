// From a fresh clone to a running sample: `npm run demo`, or `npm run demo -- NAME`. Does what is missing, so that a second run is quick.
import { ensureEngine } from './engine.mjs'
import { run, runAsScript, UserError } from './lib/process.mjs'
import { ensureBuilt, root } from './lib/project.mjs'
import { prepare } from './samples/prepare.mjs'
import { sampleNamed, stacksOf } from './samples/samples.mjs'

const FLOTILLA = 'dist/main.js'
const log = console.log

async function main() {
  // What runs at the time gets the interrupt too, and has its own way to end.
  process.on('SIGINT', () => {})
  const name = process.argv[2] ?? 'lab'
  const stacks = stacksOf(name)
  const samples = stacks.length > 0 ? stacks.map(sampleNamed) : [sampleNamed(name)]
  await ensureBuilt({ log })
  const endpoint = await ensureEngine({ log })
  if (stacks.length > 0) return oneAfterAnother(samples, endpoint)
  const { files, env } = await bringUp(samples[0], endpoint)
  log(closingWords(samples[0], files, env))
}

/** Of a collection: each is taken down before the next. */
async function oneAfterAnother(samples, endpoint) {
  for (const sample of samples) {
    log(`\n${sample.name}: ${sample.line}`)
    const { files, env } = await bringUp(sample, endpoint)
    await flotilla([...files, 'down', '-v', '-t', '2'], env)
  }
  log(`\nAll of them came up. To keep one running: npm run demo -- ${samples[0].name}`)
}

async function bringUp(sample, endpoint) {
  const prepared = await prepare(sample, { endpoint, log })
  const { files, env } = prepared
  await flotilla([...files, ...sample.up], env)
  if (sample.up.includes('-d')) await flotilla([...files, 'endpoints'], env)
  return prepared
}

async function flotilla(args, env) {
  const { code } = await run(process.execPath, [FLOTILLA, ...args], { cwd: root, stdio: 'inherit', env })
  if (code !== 0) throw new UserError(`\`node ${[FLOTILLA, ...args].join(' ')}\` ended with exit code ${code}.`)
}

function closingWords({ name, up }, files, env) {
  const settings = Object.entries(env).map(([variable, value]) => `${variable}=${value} `)
  const command = ['node', FLOTILLA, ...files].join(' ')
  const named = env.COMPOSE_PROJECT_NAME ? `COMPOSE_PROJECT_NAME=${env.COMPOSE_PROJECT_NAME} ` : ''
  const why = settings.length > 0 ? ', with the settings that this machine needs' : ''
  return `
What to try now is in samples/${name.split('/')[0]}/README.md. To take it down:
    ${named}${command} down
To bring it up again${why}:
    ${settings.join('')}${command} ${up.join(' ')}`
}

await runAsScript(import.meta.url, main)
