// Runs checks of one client with one plugin, in a process of its own whose environment names the plugin. Started by compare.mjs, to
// which it sends an outcome a check: `{ name, passed, seen, message, seconds }`.
import { join } from 'node:path'
import { withScene } from './scene.mjs'

const { client, place, names, folder, atOnce = 3, ...given } = JSON.parse(process.argv[2])
const { checks } = await import(`../${client}.mjs`)

const waiting = [...Object.keys(checks).entries()].filter(([, name]) => names.includes(name))
await Promise.all(Array.from({ length: atOnce }, work))
process.disconnect()

async function work() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) process.send(await outcomeOf(...next))
}

/** The number of a check makes its project and its port. */
async function outcomeOf(at, name) {
  const project = `${given.id}-${at}`
  const started = Date.now()
  const subnet = `10.${128 + (process.ppid % 100)}.${at}.0/24`
  const scene = { ...given, project, subnet, port: given.port + at, folder: join(folder, project) }
  const outcome = await withScene(scene, (opened) => checks[name](opened, place)).then(
    (seen) => ({ passed: true, seen }),
    (error) => ({ passed: false, message: messageOf(error) }),
  )
  return { name, seconds: (Date.now() - started) / 1000, ...outcome }
}

/** Libraries also reject with what a program has printed. */
function messageOf(error) {
  if (error instanceof Error) return error.message
  return error?.err ?? error?.message ?? JSON.stringify(error)
}
