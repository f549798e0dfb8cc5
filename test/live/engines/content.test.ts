import { test } from 'uvu'
import { checkContentIds } from '../reproduce/loaded-image.ts'
import { scenes } from '../scene.ts'

const scene = await scenes()

scene('an image that is loaded has the content id of its configuration file', ({ engine, project }) =>
  checkContentIds(engine, project),
)

test.run()
