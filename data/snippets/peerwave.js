router.get('/ice-config', verifyAuthEither, async (req, res) => {
  try {
    const url = new URL({ice-servers-url});
    url.searchParams.set('user', req.userId);
    const answer = await fetch(url, {
      signal: AbortSignal.timeout(5000),
{with token}
      headers: { Authorization: {bearer} },
{end}
    });
    if (!answer.ok) throw new Error(`the relay answered ${answer.status}`);
    res.json(await answer.json());
  } catch (error) {
    console.error('ICE config:', error.message);
    res.status(500).json({ error: 'Failed to generate ICE config' });
  }
});
