// What packages load at their top though a short command needs none of it: with all of it, listing containers takes twice as long.

import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** By importing file, below `node_modules`: what it never comes to use in our hands, and what stands in its place. */
const STAND_INS = [
  // Its own ssh; ours runs the user's.
  { from: 'docker-modem/lib/modem.js', requires: ['./ssh', './http_duplex'], stand: 'missing' },
  // Its build session over grpc and its decoder with protobufjs; ours are Node's HTTP/2 and a few lines.
  { from: 'dockerode/lib/docker.js', requires: ['./session', './buildkit'], stand: 'missing' },
  // Its packing of build contexts.
  { from: 'dockerode/lib/util.js', requires: ['@balena/dockerignore', 'tar-fs', 'zlib'], stand: 'missing' },
  // Its log of requests, and its own reading of certificates.
  { from: 'docker-modem/lib/modem.js', requires: ['debug', 'split-ca'], stand: 'silent' },
  // It writes out every request, agent and all, for that log.
  { from: 'docker-modem/lib/modem.js', requires: ['util'], stand: 'unwritten' },
  // Its look at the terminal and the environment: we tell it how many colours there are.
  { from: 'chalk/source/index.js', requires: ['#supports-color'], stand: 'colourless' },
  // What is needed for engines on other machines only.
  { from: 'docker-modem/lib/http.js', requires: ['https'], stand: 'https' },
]

/** Of Node itself, what takes milliseconds to load and what not every command comes to use. */
const LATE = /^(node:)?(child_process|crypto|http2|readline|readline\/promises|timers\/promises|zlib)$/

const CONTENTS = {
  missing: (path) =>
    `module.exports = () => { throw new Error(${JSON.stringify(`${path} is not part of the bundle`)}) }`,
  silent: () => 'module.exports = () => () => undefined',
  unwritten: () => "exports.inspect = () => ''",
  colourless: () => 'export default { stdout: false, stderr: false }',
  https: () => `
    exports.request = (...options) => require('node:https').request(...options)
    exports.get = (...options) => require('node:https').get(...options)`,
}

/**
 * An esbuild plugin that leaves out what is never used, and loads late what seldom is. The build fails where a package does not require
 * any more what this replaces: another version of it would start slowly, or differently, without a word.
 */
export function lazyRequires(standIns = STAND_INS) {
  const patches = standIns.flatMap(({ from, requires, stand }) => requires.map((path) => ({ from, path, stand })))
  return {
    name: 'lazy-requires',
    setup(build) {
      const met = new Set()
      build.onStart(() => met.clear())
      build.onResolve({ filter: anyOf(patches.map(({ path }) => path)) }, ({ path, importer }) => {
        const patch = patches.find((each) => each.path === path && isFile(importer, each.from))
        if (patch) met.add(patch)
        return patch && { path, namespace: `stand-in-${patch.stand}` }
      })
      build.onEnd(() => ({ errors: patches.filter((each) => !met.has(each)).map(notMet) }))
      build.onResolve({ filter: LATE }, ({ path, namespace }) =>
        namespace === 'late' ? { path, external: true } : { path, namespace: 'late' },
      )
      build.onLoad({ filter: LATE, namespace: 'late' }, ({ path }) => ({ contents: late(path) }))
      for (const [stand, contents] of Object.entries(CONTENTS))
        build.onLoad({ filter: /.*/, namespace: `stand-in-${stand}` }, ({ path }) => ({ contents: contents(path) }))
    },
  }
}

function anyOf(paths) {
  return new RegExp(`^(?:${paths.map((path) => path.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|')})$`)
}

function isFile(importer, file) {
  return importer.replaceAll('\\', '/').endsWith(`/node_modules/${file}`)
}

function notMet({ from, path }) {
  return {
    text: `${from} does not require ${path} any more: adapt scripts/lazy-requires.mjs to this version of the package`,
  }
}

/** A module whose exports are asked of Node's own when they are used. */
function late(path) {
  const members = Object.keys(require(path)).map((name) => `get ${name}() { return own().${name} }`)
  return `let found; const own = () => (found ??= require(${JSON.stringify(path)})); module.exports = { ${members} }`
}
