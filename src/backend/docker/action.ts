import type { BuildSpec } from '../../docker/port.ts'

export interface ImageActions {
  /**
   * Output: `imageId`. `noteTime`: tag the image again, so that the engine remembers when it was pulled. `maker`: the service that
   * can build it instead.
   */
  'pull-image': { reference: string; service: string; platform?: string; noteTime?: true; maker?: string }
  'push-image': { reference: string; service: string }
  'remove-image': { reference: string }
  /** Output: `imageId`. */
  'build-image': { service: string; build: BuildSpec }
}
