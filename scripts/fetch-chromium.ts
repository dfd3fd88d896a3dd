/**
 * Makes a browser for the tests of the page available: the machine's own or the one named by `CHROMIUM` if there is one, else Debian's package,
 * fetched without root into the cache folder. Prints its path.
 */
import { chromiumBinary } from '../test/browser/chromium.ts'

console.log(await chromiumBinary(line => console.error(line)))
