// The samples: what each is called, and what brings it up. Everything else is read from its stack file.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../lib/process.mjs'
import { root } from '../lib/project.mjs'

export const SAMPLES_FOLDER = join(root, 'samples')

/** In the order in which they teach. `up`: the words after the files, where a sample's containers end by themselves. */
const SAMPLES = {
  hello: { up: ['up'] },
  whale: { up: ['up'] },
  notebook: {},
  'notebook-tls': {},
  rstudio: {},
  lab: { alias: 'webapp' },
  graph: {},
  panama: {},
}

/** Folders of samples that hold several stacks, `FOLDER/NAME`. */
const COLLECTIONS = ['anything']

const DEFAULT_UP = ['up', '-d', '--wait']

/** Names in order; those of a collection after its own. */
export function sampleNames() {
  return [...Object.keys(SAMPLES), ...COLLECTIONS.flatMap(stacksOf)]
}

/** Names of the stacks of a collection, with its own in front; none for other names. */
export function stacksOf(collection) {
  if (!COLLECTIONS.includes(collection)) return []
  const folders = readdirSync(join(SAMPLES_FOLDER, collection)).sort()
  return folders
    .map((folder) => `${collection}/${folder}`)
    .filter((name) => existsSync(join(SAMPLES_FOLDER, name, 'stack.yaml')))
}

/**
 * @typedef {object} Sample
 * @property {string} name
 * @property {string} [alias] another name for it
 * @property {string} folder
 * @property {string[]} up    the words that bring it up
 * @property {string} line    what it is, in one sentence
 * @property {boolean} standIn  whether stand-in.yaml replaces its official images
 * @returns {Sample}
 */
export function sampleNamed(given) {
  const name = Object.keys(SAMPLES).find((each) => SAMPLES[each].alias === given) ?? given
  if (!sampleNames().includes(name)) throw new UserError(`There is no sample "${given}". ${namesInWords()}`)
  const folder = join(SAMPLES_FOLDER, name)
  const { up = DEFAULT_UP, alias } = SAMPLES[name] ?? {}
  return { name, alias, folder, up, line: firstSentence(stackFile(folder)), standIn: hasStandIn(folder) }
}

/** The suites of Debian whose base images the files of a sample name. */
export function suitesOf({ folder, standIn }, withStandIn) {
  const text = stackFile(folder) + (standIn && withStandIn ? readFileSync(join(folder, 'stand-in.yaml'), 'utf8') : '')
  return [...new Set(text.match(/(?<=:)(bookworm|trixie|sid)(?=-slim)/g))]
}

/** `-f` for each file, by paths from the repository's folder. */
export function fileArguments({ name, standIn }, withStandIn) {
  const files = ['stack.yaml', ...(standIn && withStandIn ? ['stand-in.yaml'] : [])]
  return files.flatMap((file) => ['-f', `samples/${name}/${file}`])
}

/** The images of a model's services that only a registry has: the others are built. */
export function pulledImages({ services }) {
  return [...new Set(Object.values(services).flatMap(({ image, build }) => (build || !image ? [] : image)))]
}

function stackFile(folder) {
  return readFileSync(join(folder, 'stack.yaml'), 'utf8')
}

function hasStandIn(folder) {
  return existsSync(join(folder, 'stand-in.yaml'))
}

/** Of the comment at the start, without the name before it. */
function firstSentence(text) {
  const comment =
    text
      .match(/^(# .*\n)+/)?.[0]
      .replaceAll(/^# /gm, '')
      .replaceAll('\n', ' ') ?? ''
  const sentence = comment.match(/^.*?\.(?= |$)/)?.[0] ?? comment
  return sentence.replace(/^[A-Z]\w*(-\w+)?: /, '')
}

function namesInWords() {
  const aliases = Object.values(SAMPLES).flatMap(({ alias }) => alias ?? [])
  return `The samples are ${[...sampleNames(), ...COLLECTIONS, ...aliases].join(', ')}.`
}
