// What a sample needs before `up`: official images or their stand-ins, base images, a free project name, free ports.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBases } from '../base-images.mjs'
import { engineClient } from '../lib/engine-http.mjs'
import { choosePorts, chooseProject } from '../lib/ports.mjs'
import { mustRun, UserError } from '../lib/process.mjs'
import { root } from '../lib/project.mjs'
import { fileArguments, pulledImages, suitesOf } from './samples.mjs'

const REGISTRY_TIMEOUT = 15_000

/**
 * Resolves to `{ files, env, project }`: the `-f` arguments, the environment that this machine needs for them, the project's name.
 * Base images are made on the way.
 */
export async function prepare(sample, { endpoint, log }) {
  const withStandIn = sample.standIn && !(await canHaveOfficial(sample, { endpoint, log }))
  const files = fileArguments(sample, withStandIn)
  const bases = await basesOf(suitesOf(sample, withStandIn), { endpoint, log })
  const model = JSON.parse(await config(files, ['--no-interpolate', '--format', 'json'], bases))
  const project = await chooseProject(endpoint, { name: model.name, folder: sample.folder, log })
  const wishes = wishesIn(model).map((wish) => withDeclared(sample, wish))
  const ports = await choosePorts(endpoint, { project: project.name, wishes, log })
  return { files, env: { ...userIds(), ...bases, ...project.env, ...ports }, project: project.name }
}

/** Whether all official images are there, or can be pulled. A machine that has the stand-ins already asks no registry. */
async function canHaveOfficial(sample, { endpoint, log }) {
  const engine = engineClient(endpoint)
  const wanted = await missing(engine, pulledImages(await modelOf(fileArguments(sample, false))))
  if (wanted.length === 0) return true
  if ((await missing(engine, await imagesOf(fileArguments(sample, true)))).length === 0) return false
  try {
    await Promise.all(wanted.map((image) => askRegistry(engine, image)))
    return true
  } catch (error) {
    log(`${error.message}: stand-ins are built from Debian's packages instead.`)
    return false
  }
}

/** Has the engine look the image up, which shows within seconds whether it reaches the registry. */
async function askRegistry(engine, image) {
  try {
    await engine.get(`/distribution/${image}/json`, { timeout: REGISTRY_TIMEOUT })
  } catch (error) {
    throw new UserError(`${image} cannot be pulled (${error.message})`)
  }
}

async function missing(engine, images) {
  const present = await Promise.all(images.map((image) => engine.hasImage(image)))
  return images.filter((_, index) => !present[index])
}

async function imagesOf(files) {
  return (await config(files, ['--images'])).split('\n').filter(Boolean)
}

async function modelOf(files) {
  return JSON.parse(await config(files, ['--format', 'json']))
}

function config(files, args, env) {
  return mustRun(process.execPath, ['dist/main.js', ...files, 'config', ...args], { cwd: root, env })
}

async function basesOf(suites, { endpoint, log }) {
  return suites.length === 0 ? {} : ensureBases({ endpoint, log, suites })
}

/** Files that containers write in a mounted folder belong to the user who runs the demo. */
function userIds() {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()]
  if (!uid) return {}
  return { HOST_UID: process.env.HOST_UID ?? String(uid), HOST_GID: process.env.HOST_GID ?? String(gid) }
}

/** Published ports that a variable can change, written `${VARIABLE:-8888}:8888`, with or without an address before them. */
function wishesIn({ services }) {
  return Object.entries(services).flatMap(([service, { ports = [] }]) =>
    ports.flatMap((port) => wishIn(service, textOf(port))),
  )
}

function textOf(port) {
  return typeof port === 'string' ? port : `${port.published ?? ''}:${port.target}`
}

function wishIn(service, text) {
  const [, variable, wanted, port] = text.match(/\$\{(\w+):-(\d+)\}:(\d+)/) ?? []
  return variable ? [{ variable, service, port: Number(port), wanted: Number(wanted) }] : []
}

/** The port that the user declares in the sample's .env counts as the sample's own. */
function withDeclared({ folder }, wish) {
  const file = join(folder, '.env')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const declared = text.match(new RegExp(`^${wish.variable}=(\\d+)`, 'm'))?.[1]
  return declared ? { ...wish, wanted: Number(declared) } : wish
}
