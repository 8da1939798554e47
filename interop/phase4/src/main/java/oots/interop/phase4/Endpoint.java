package oots.interop.phase4;

import java.util.Map;

import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

import com.helger.http.EHttpMethod;
import com.helger.phase4.incoming.AS4ServerInitializer;
import com.helger.phase4.servlet.AS4XServletHandler;
import com.helger.web.scope.mgr.WebScopeManager;
import com.helger.xservlet.AbstractXServlet;

/** Jetty with phase4's servlets, on a TLS port and on a plain one of the loopback. */
final class Endpoint
{
  final int tlsPort;
  final int plainPort;

  Endpoint (final Keys keys, final String serverName, final Map <String, AS4XServletHandler> handlers) throws Exception
  {
    final Server server = new Server ();
    final HttpConfiguration secure = new HttpConfiguration ();
    secure.addCustomizer (new SecureRequestCustomizer (false));
    final SslContextFactory.Server ssl = new SslContextFactory.Server ();
    ssl.setKeyStore (keys.store (serverName));
    ssl.setKeyStorePassword (new String (Keys.PASSWORD));
    final ServerConnector tls = new ServerConnector (server, new SslConnectionFactory (ssl, "http/1.1"), new HttpConnectionFactory (secure));
    final ServerConnector plain = new ServerConnector (server, new HttpConnectionFactory ());
    tls.setHost ("127.0.0.1");
    plain.setHost ("127.0.0.1");
    server.addConnector (tls);
    server.addConnector (plain);

    final ServletContextHandler context = new ServletContextHandler ("/");
    // phase4's servlets want their global scope when they are made.
    WebScopeManager.onGlobalBegin (context.getServletContext ());
    AS4ServerInitializer.initAS4Server ();
    handlers.forEach ( (path, handler) -> {
      final ServletHolder holder = new ServletHolder (new Servlet (handler));
      holder.setAsyncSupported (true);
      context.addServlet (holder, path);
    });
    server.setHandler (context);
    server.start ();
    tlsPort = tls.getLocalPort ();
    plainPort = plain.getLocalPort ();
  }

  private static final class Servlet extends AbstractXServlet
  {
    private static final long serialVersionUID = 1;

    Servlet (final AS4XServletHandler handler)
    {
      settings ().setMultipartEnabled (false);
      handlerRegistry ().registerHandler (EHttpMethod.POST, handler);
    }
  }
}
