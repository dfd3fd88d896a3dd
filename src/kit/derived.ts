/** What is made of settings, made anew when one of those that it was made of has changed, and else remembered. Asking costs a look at each of those, so that a loop asks once. */
export function derived<From extends object, Made>(from: From, make: (from: From) => Made): () => Made {
  let used = new Map<PropertyKey, unknown>()
  let made: { readonly value: Made } | null = null
  const isChanged = (): boolean => {
    for (const [name, value] of used) if (Reflect.get(from, name) !== value) return true
    return false
  }
  return () => {
    if (made === null || isChanged()) {
      const reads = new Map<PropertyKey, unknown>()
      made = { value: make(noting(from, reads)) }
      used = reads
    }
    return made.value
  }
}

/** The same object, that notes what is read of it; what is read of it later, too, so that a part made of it may keep it. */
function noting<From extends object>(from: From, reads: Map<PropertyKey, unknown>): From {
  return new Proxy(from, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      // What holds when it is made counts; a later value would hide that it has changed.
      if (!reads.has(name)) reads.set(name, value)
      return value
    },
  })
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
