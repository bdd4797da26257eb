/** Forgets everything a project has stored: the emulator of the run keeps all of it in memory. */
export async function clearStore(projectId: string): Promise<void> {
  const documents = `projects/${projectId}/databases/(default)/documents`;
  await fetch(`http://${process.env.FIRESTORE_EMULATOR_HOST}/emulator/v1/${documents}`, { method: 'DELETE' });
}
