/** What is made of settings, made anew when one of them has changed, and else remembered. */
export function derived<From extends object, Made>(from: From, make: (from: From) => Made): () => Made {
  let values: readonly unknown[] = []
  let made: { readonly value: Made } | null = null
  return () => {
    const now: readonly unknown[] = Object.values(from)
    if (made === null || now.some((value, index) => value !== values[index])) {
      made = { value: make(from) }
      values = now
    }
    return made.value
  }
}

/** The same as an object that can be kept: each of its properties is that of the newest. */
export function derivedObject<From extends object, Made extends object>(from: From, make: (from: From) => Made): Made {
  const newest = derived(from, make)
  return new Proxy({} as Made, { // a stand-in that has nothing of its own
    get: (_target, name) => Reflect.get(newest(), name) as unknown, // whatever the property is
    has: (_target, name) => name in newest(),
    ownKeys: () => Reflect.ownKeys(newest()),
    getOwnPropertyDescriptor: (_target, name) => {
      const found = Reflect.getOwnPropertyDescriptor(newest(), name)
      return found === undefined ? undefined : { ...found, configurable: true }
    },
  })
}
