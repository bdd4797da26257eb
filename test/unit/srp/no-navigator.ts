// jsbn takes a `navigator` that is not Netscape's for an old browser's and multiplies in a way that is slow in Node,
// and ten times as slow in Jest. This has to be evaluated before any library that contains jsbn.
Reflect.deleteProperty(globalThis, 'navigator');
