package oots.interop.phase4;

import java.io.PrintStream;

import com.helger.json.IJsonObject;

/** Writes one JSON object a line to standard output. Safe for concurrent use. */
final class Lines
{
  private final PrintStream out;

  Lines (final PrintStream out)
  {
    this.out = out;
  }

  synchronized void write (final IJsonObject line)
  {
    out.println (line.getAsJsonString ());
    out.flush ();
  }
}
