// Package orders reads JSON orders from standard input, one a line, and answers each in turn with a line `answer JSON`.
package orders

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
)

// An Order is one call of an SDK, and where it is sent.
type Order struct {
	Call      string
	Endpoint  string
	Host      string
	Secure    bool
	PathStyle bool
	Proxy     string
	Elsewhere int
	Trust     string
	Region    string
	SecretID  string
	SecretKey string
	Token     string
	Bucket    string
	Key       string
	Prefix    string
	Data      []byte
	Part      int64
	First     int64
	Last      int64
	// Chunk-signed bodies stay on.
	Chunked bool
}

// Refused is what a user's code learns from an error.
type Refused struct {
	Status  int    `json:"status"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Header  string `json:"header,omitempty"`
}

// Serve carries out each order; `refused` tells what the SDK's error says, or nil where it is not COS's.
func Serve(call func(Order) (any, error), refused func(error) *Refused) {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var order Order
		answer := map[string]any{}
		if err := json.Unmarshal(line, &order); err != nil {
			answer["broken"] = err.Error()
		} else if result, err := call(order); err == nil {
			answer["result"] = result
		} else if said := refused(err); said != nil {
			answer["refused"] = said
		} else {
			answer["broken"] = err.Error()
		}
		text, _ := json.Marshal(answer)
		fmt.Printf("answer %s\n", text)
	}
}

var (
	clients = map[string]*http.Client{}
	lock    sync.Mutex
)

// Client is the order's http.Client; connections are kept, as in an application.
func Client(order Order) *http.Client {
	lock.Lock()
	defer lock.Unlock()
	which := fmt.Sprint(order.Proxy, order.Elsewhere, order.Trust)
	if clients[which] == nil {
		clients[which] = newClient(order)
	}
	return clients[which]
}

func newClient(order Order) *http.Client {
	transport := &http.Transport{}
	if order.Proxy != "" {
		proxy, err := url.Parse(order.Proxy)
		if err != nil {
			panic(err)
		}
		transport.Proxy = http.ProxyURL(proxy)
	}
	if order.Elsewhere != 0 {
		address := fmt.Sprintf("127.0.0.1:%d", order.Elsewhere)
		transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
	}
	if order.Trust != "" {
		pem, err := os.ReadFile(order.Trust)
		if err != nil {
			panic(err)
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(pem)
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
		transport.ForceAttemptHTTP2 = true
	}
	return &http.Client{Transport: transport}
}
