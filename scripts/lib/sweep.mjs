// What killed test runs left on an engine: networks hold addresses that the next run needs.

/**
 * Removes containers and networks of tests that began more than `minutes` ago: longer than any test file of that engine may take.
 * `engine` is a client of engine-http.mjs.
 */
export async function sweep(engine, minutes) {
  const before = Date.now() - minutes * 60_000
  const isLeft = (name, created) => /^\/?flotilla-test-/.test(name) && created < before
  for (const { Id, Names, Created } of await engine.get('/containers/json?all=1'))
    if (Names.some((name) => isLeft(name, Created * 1000)))
      await removeIfPossible(engine, `/containers/${Id}?force=1&v=1`)
  for (const { Id, Name, Created } of await engine.get('/networks'))
    if (isLeft(Name, Date.parse(Created))) await removeIfPossible(engine, `/networks/${Id}`)
}

/** One that is being removed, or that a container still uses, stays. */
async function removeIfPossible(engine, path) {
  try {
    await engine.remove(path)
  } catch (error) {
    if (!error.statusCode) throw error
  }
}
