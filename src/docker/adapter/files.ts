import type { Engine } from '../port.ts'
import type { Link } from './link.ts'
import { tarOf } from './tar.ts'

export function fileCalls({ docker, call }: Link): Pick<Engine, 'putFiles'> {
  return {
    async putFiles(id, directory, files) {
      const archive = tarOf(files.map((file) => ({ ...file, type: 'file' })))
      await call(docker.getContainer(id).putArchive(archive, { path: directory }))
    },
  }
}
