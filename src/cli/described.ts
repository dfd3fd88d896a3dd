import type { Instance } from '../model/topology/instance.ts'

/** What printing needs beside the answer. */
export interface Described {
  describe(instance: Instance): string
}
