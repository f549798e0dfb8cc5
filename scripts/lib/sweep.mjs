// What killed test runs left on an engine: networks hold addresses that the next run needs.

/** Longer than any live test file may take. */
const DEAD_AFTER_MS = 10 * 60_000

/** Removes containers and networks of tests that are long over; `engine` is a client of engine-http.mjs. */
export async function sweep(engine) {
  const before = Date.now() - DEAD_AFTER_MS
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
