// What packages load at their top though a short command needs none of it: with all of it, listing containers takes twice as long.

/** By importing file: what it never comes to use in our hands, and what stands in its place. */
const STAND_INS = [
  // Its own ssh; ours runs the user's.
  { from: /[\\/]docker-modem[\\/]lib[\\/]modem\.js$/, to: /^\.\/(ssh|http_duplex)$/, stand: 'missing' },
  // Its build session over grpc and its decoder with protobufjs; ours are Node's HTTP/2 and a few lines.
  { from: /[\\/]dockerode[\\/]lib[\\/]docker\.js$/, to: /^\.\/(session|buildkit)$/, stand: 'missing' },
  // Its packing of build contexts.
  { from: /[\\/]dockerode[\\/]lib[\\/]util\.js$/, to: /^(@balena\/dockerignore|tar-fs|zlib)$/, stand: 'missing' },
  // Its log of requests, and its own reading of certificates.
  { from: /[\\/]docker-modem[\\/]lib[\\/]modem\.js$/, to: /^(debug|split-ca)$/, stand: 'silent' },
  // Its look at the terminal and the environment: we tell it how many colours there are.
  { from: /[\\/]chalk[\\/]source[\\/]index\.js$/, to: /^#supports-color$/, stand: 'colourless' },
  // What is needed for engines on other machines only.
  { from: /[\\/]docker-modem[\\/]lib[\\/]http\.js$/, to: /^https$/, stand: 'https' },
]

const CONTENTS = {
  missing: (path) =>
    `module.exports = () => { throw new Error(${JSON.stringify(`${path} is not part of the bundle`)}) }`,
  silent: () => 'module.exports = () => () => undefined',
  colourless: () => 'export default { stdout: false, stderr: false }',
  https: () => `
    exports.request = (...options) => require('node:https').request(...options)
    exports.get = (...options) => require('node:https').get(...options)`,
}

/** An esbuild plugin that leaves out what is never used, and loads late what seldom is. */
export function lazyRequires() {
  return {
    name: 'lazy-requires',
    setup(build) {
      const filter =
        /^(\.\/(ssh|http_duplex|session|buildkit)|@balena\/dockerignore|tar-fs|zlib|debug|split-ca|#supports-color|https)$/
      build.onResolve({ filter }, ({ path, importer }) => {
        const found = STAND_INS.find(({ from, to }) => from.test(importer) && to.test(path))
        return found && { path, namespace: `stand-in-${found.stand}` }
      })
      for (const [stand, contents] of Object.entries(CONTENTS))
        build.onLoad({ filter: /.*/, namespace: `stand-in-${stand}` }, ({ path }) => ({ contents: contents(path) }))
    },
  }
}
