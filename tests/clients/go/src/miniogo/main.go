// minio-go, version 7: each order is one call of it.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"orders"
)

func main() { orders.Serve(call, refused) }

func call(order orders.Order) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	lookup := minio.BucketLookupDNS
	if order.PathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(order.Host, &minio.Options{
		Creds:        credentials.NewStaticV4(order.SecretID, order.SecretKey, order.Token),
		Secure:       order.Secure,
		Transport:    orders.Client(order).Transport,
		Region:       order.Region,
		BucketLookup: lookup,
	})
	if err != nil {
		return nil, err
	}
	switch order.Call {
	case "put", "multipart":
		options := minio.PutObjectOptions{PartSize: uint64(order.Part), DisableContentSha256: !order.Chunked}
		data := bytes.NewReader(order.Data)
		_, err := client.PutObject(ctx, order.Bucket, order.Key, data, int64(len(order.Data)), options)
		return nil, err
	case "get", "range":
		options := minio.GetObjectOptions{}
		if order.Call == "range" {
			if err := options.SetRange(order.First, order.Last); err != nil {
				return nil, err
			}
		}
		object, err := client.GetObject(ctx, order.Bucket, order.Key, options)
		if err != nil {
			return nil, err
		}
		defer object.Close()
		return io.ReadAll(object)
	case "list":
		keys := []string{}
		for row := range client.ListObjects(ctx, order.Bucket, minio.ListObjectsOptions{Prefix: order.Prefix, Recursive: true}) {
			if row.Err != nil {
				return nil, row.Err
			}
			keys = append(keys, row.Key)
		}
		return keys, nil
	case "delete":
		return nil, client.RemoveObject(ctx, order.Bucket, order.Key, minio.RemoveObjectOptions{})
	case "presigned":
		signed, err := client.PresignedGetObject(ctx, order.Bucket, order.Key, 5*time.Minute, nil)
		if err != nil {
			return nil, err
		}
		return signed.String(), nil
	}
	return nil, fmt.Errorf("no call named %s", order.Call)
}

func refused(err error) *orders.Refused {
	said := minio.ToErrorResponse(err)
	if said.StatusCode == 0 {
		return nil
	}
	return &orders.Refused{Status: said.StatusCode, Code: said.Code, Message: said.Message}
}
