package oots.interop.phase4;

import java.lang.management.ManagementFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import com.helger.json.IJsonObject;
import com.helger.json.JsonObject;
import com.helger.mime.CMimeType;
import com.helger.phase4.CAS4;
import com.helger.phase4.attachment.AS4OutgoingAttachment;
import com.helger.phase4.crypto.IAS4CryptoFactory;
import com.helger.phase4.model.MessageProperty;
import com.helger.phase4.sender.EAS4UserMessageSendResult;
import com.helger.phase4.sender.IAS4SignalMessageValidationResultHandler;
import com.sun.management.OperatingSystemMXBean;

/** Sends the same payload again and again, from several threads, for a fixed time. */
final class Bench
{
  private final OperatingSystemMXBean os = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean ();
  private final Sender sender;
  private final IAS4CryptoFactory crypto;

  Bench (final Sender sender, final IAS4CryptoFactory crypto)
  {
    this.sender = sender;
    this.crypto = crypto;
  }

  /**
   * Starts messages for the time that order says and waits for their receipts. A message counts when the
   * references in its receipt are equal. CPU time is that of the JVM: both ends, compiler and collector.
   */
  IJsonObject run (final IJsonObject order) throws InterruptedException
  {
    final byte [] payload = new byte [order.getAsInt ("size")];
    for (int i = 0; i < payload.length; i++)
      payload[i] = (byte) (i * 7 + (i >> 8) * 13);
    final int senders = order.getAsInt ("senders");
    final String url = order.getAsString ("url");
    final long cpu = os.getProcessCpuTime ();
    final long start = System.nanoTime ();
    final long end = start + TimeUnit.MILLISECONDS.toNanos (order.getAsInt ("millis"));
    final AtomicLong done = new AtomicLong ();
    final AtomicLong failed = new AtomicLong ();
    final ExecutorService pool = Executors.newFixedThreadPool (senders);
    for (int i = 0; i < senders; i++)
      pool.submit ( () -> {
        while (System.nanoTime () < end)
        {
          if (one (url, payload))
            done.incrementAndGet ();
          else
            failed.incrementAndGet ();
        }
      });
    pool.shutdown ();
    if (!pool.awaitTermination (5, TimeUnit.MINUTES))
      throw new IllegalStateException ("senders do not end");
    return new JsonObject ().add ("messages", done.get ())
                            .add ("failed", failed.get ())
                            .add ("nanos", System.nanoTime () - start)
                            .add ("cpuNanos", os.getProcessCpuTime () - cpu);
  }

  private boolean one (final String url, final byte [] payload)
  {
    final boolean [] differ = new boolean [1];
    final EAS4UserMessageSendResult result = sender.builder (crypto, url, Agreement.SERVICE, Agreement.SERVICE_TYPE, "ExecuteQueryRequest")
                                                   .addMessageProperty (MessageProperty.builder ().name (CAS4.ORIGINAL_SENDER).value ("C1"))
                                                   .addMessageProperty (MessageProperty.builder ().name (CAS4.FINAL_RECIPIENT).value ("C4"))
                                                   .addAttachment (AS4OutgoingAttachment.builder ()
                                                                                        .data (payload)
                                                                                        .mimeType (CMimeType.APPLICATION_OCTET_STREAM))
                                                   .signalMsgValidationResultHdl (new IAS4SignalMessageValidationResultHandler ()
                                                   {
                                                     @Override
                                                     public void onSuccess ()
                                                     {}

                                                     @Override
                                                     public void onError (final String message)
                                                     {
                                                       differ[0] = true;
                                                     }

                                                     @Override
                                                     public void onNotApplicable ()
                                                     {
                                                       differ[0] = true;
                                                     }
                                                   })
                                                   .sendMessageAndCheckForReceipt ();
    return result == EAS4UserMessageSendResult.SUCCESS && !differ[0];
  }
}
